package io.waybill.runtime.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.ProvenReplace;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeliveryIndexTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final DestinationName ACME = new DestinationName("acme");

    private final DeliveryIndex index = new DeliveryIndex();

    @Test
    void shouldSayWhatItWasTold() {
        var newest = new NewestAtPath(pathKey(1), id(1), NOON.plusMillis(7), NOON.plusSeconds(9), -4_711);
        var delivered = new FileOutcome(id(2), 3, Result.DELIVERED, NOON);
        var doubt = new FileOutcome(id(3), 1, Result.IN_DOUBT, NOON);
        var proven = new ProvenReplace(IndexEntry.replaceKey(ACME, "SSH", "/in"), NOON);
        List.of(newest, delivered, doubt, proven).forEach(entry -> index.apply(entry.key(), entry));

        assertThat(index.newestAt(newest.key())).contains(newest);
        assertThat(index.outcomeOf(id(2))).contains(delivered);
        assertThat(index.outcomeOf(id(3))).contains(doubt);
        assertThat(index.replaceProven(proven.key())).contains(proven);
        assertThat(index.outcomeOf(id(1))).isEmpty();
        assertThat(index.newestAt(pathKey(2))).isEmpty();
        assertThat(index.size()).isEqualTo(4);
    }

    @Test
    void shouldSayTheSameAsAMapWhateverIsPutAndTakenAway() {
        var random = new Random(11);
        Map<String, IndexEntry> expected = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            // Grows for a while, and then shrinks.
            int number = random.nextInt(4_000);
            boolean taken = random.nextInt(100) < (i < 30_000 ? 25 : 90);
            IndexEntry entry = number % 2 == 0
                    ? new NewestAtPath(pathKey(number), id(i), NOON.plusSeconds(i),
                            NOON.plusSeconds(random.nextInt(99)))
                    : new FileOutcome(id(number), 1 + i, Result.values()[i % 2], NOON.plusSeconds(random.nextInt(99)));
            index.apply(entry.key(), taken ? null : entry);
            if (taken) {
                expected.remove(entry.key());
            } else {
                expected.put(entry.key(), entry);
            }
        }

        assertThat(index.size()).isEqualTo(expected.size());
        for (int number = 0; number < 4_000; number++) {
            IndexEntry there = expected.get(number % 2 == 0 ? pathKey(number) : IndexEntry.fileKey(id(number)));
            Optional<? extends IndexEntry> found =
                    number % 2 == 0 ? index.newestAt(pathKey(number)) : index.outcomeOf(id(number));
            assertThat(found.map(IndexEntry.class::cast)).isEqualTo(Optional.ofNullable(there));
        }
    }

    @Test
    void shouldFindWhatHasExpiredALittleAtATime() {
        for (int number = 0; number < 50_000; number++) {
            var entry = new FileOutcome(id(number), 1, Result.DELIVERED, NOON.plusSeconds(number % 2));
            index.apply(entry.key(), entry);
        }
        Instant now = NOON.plusMillis(500);

        for (int looks = 0; looks < 200 && index.size() > 25_000; looks++) {
            List<String> expired = index.expired(now, 500);
            assertThat(expired).hasSizeLessThanOrEqualTo(500);
            expired.forEach(key -> index.apply(key, null));
        }

        assertThat(index.size()).isEqualTo(25_000);
        for (int looks = 0; looks < 10; looks++) {
            assertThat(index.expiredAhead(now)).isFalse();
        }
        assertThat(index.expiredAhead(NOON.plusSeconds(2))).isTrue();
        assertThat(index.outcomeOf(id(0))).isEmpty();
        assertThat(index.outcomeOf(id(1))).isPresent();
    }

    @Test
    void shouldRefuseWhatIsNoEntry() {
        var entry = new FileOutcome(id(1), 1, Result.DELIVERED, NOON);

        assertThatIllegalArgumentException().isThrownBy(() -> index.apply("who-knows", entry));
        assertThatIllegalArgumentException().isThrownBy(() -> index.apply("path-12", entry));
        assertThatIllegalArgumentException().isThrownBy(() -> index.apply("file-" + id(2), entry));
        index.apply("file-" + id(2), null);
        assertThat(index.size()).isZero();
    }

    @Test
    void shouldUnpackEveryKeyAsItWasPacked() {
        List<String> keys = new ArrayList<>();
        for (int number = 0; number < 1_000; number++) {
            keys.add(IndexEntry.fileKey(id(number)));
            keys.add(pathKey(number));
        }
        keys.add("file-zzzzzzzzzzzzzzzzzzzzzzzzz7");
        keys.add("file-77777777777777777777777777");
        keys.add("file-aaaaaaaaaaaaaaaaaaaaaaaaaa");

        assertThat(keys).allSatisfy(key -> assertThat(IndexKey.parse(key)).hasToString(key));
    }

    private static FileId id(int number) {
        return FileId.of(new RouteName("invoices"), "outbound", "object-" + number, "v:1");
    }

    private static String pathKey(int number) {
        return IndexEntry.pathKey(
                new Target(ACME, new RemotePath("/in/" + number)),
                new SourceObject("outbound", "object-" + number, null, "etag", 1, NOON));
    }
}
