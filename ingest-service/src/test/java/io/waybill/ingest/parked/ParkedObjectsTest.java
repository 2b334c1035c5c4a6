package io.waybill.ingest.parked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.IngestRetry.Parked;
import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.ingest.parked.ParkedObjects.End;
import io.waybill.runtime.time.Backoff;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ParkedObjectsTest {
    private static final Duration PATIENCE = Duration.ofHours(24);

    private final ManualClock clock = new ManualClock();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> away = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    /** Buckets that answer nothing until they are told to. */
    private final Map<String, CountDownLatch> silent = new ConcurrentHashMap<>();
    private final Buckets buckets = new Buckets(clock, Duration.ofMillis(250));
    private final ParkedObjects parked = new ParkedObjects(
            this::answer,
            buckets,
            new ParkedObjects.Policy(4, 8, new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10)), PATIENCE),
            clock);

    private Answer answer(Parked object) throws StoreException {
        asked.add(object.key());
        CountDownLatch silence = silent.get(object.bucket());
        if (silence != null) {
            try {
                silence.await();
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", e);
            }
        }
        if (away.contains(object.bucket())) {
            throw new StoreException("no connection");
        }
        if (refused.contains(object.key())) {
            throw StoreException.ofObject("403", new IllegalStateException("403"));
        }
        return new Answer.Gone();
    }

    @Test
    void shouldHandOutTheAnswerOnce() {
        park(0, "a");
        assertThat(asked(1)).singleElement().isInstanceOf(End.Answered.class);
        assertThat(asked(0)).isEmpty();
        parked.apply(0, "0@0#0", null, true);
        assertThat(parked.size()).isZero();
    }

    @Test
    void shouldGiveAnObjectUpThatIsAtFaultForTooLong() {
        buckets.answered("outbound", Duration.ZERO);
        refused.add("a");
        park(0, "a");
        var ends = new ArrayList<End>();
        int rounds = 0;
        while (ends.isEmpty()) {
            ends.addAll(asked(1));
            clock.advance(Duration.ofMinutes(10));
            rounds++;
        }
        assertThat(rounds).isGreaterThan(100);
        assertThat(ends).singleElement().satisfies(end -> assertThat(((End.GivenUp) end).reason())
                .contains("24 hours", "403"));
        assertThat(buckets.pauses()).isEmpty();
    }

    @Test
    void shouldAskAPausedBucketAboutOneKeyAfterAnotherAndForEver() {
        away.add("outbound");
        park(0, "a", "b", "c");
        for (int day = 0; day < 30; day++) {
            assertThat(asked(1)).isEmpty();
            clock.advance(Duration.ofDays(1));
        }
        assertThat(asked).contains("a", "b", "c");
        assertThat(parked.sizes()).isEqualTo(Map.of("outbound", 3));

        away.clear();
        assertThat(asked(1)).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(asked(2)).hasSize(2);
    }

    @Test
    void shouldFindTheBadObjectsOfABucketByAGoodOne() {
        refused.addAll(Set.of("a", "b"));
        buckets.failed("outbound", "a", false, StoreException.ofObject("403", new IllegalStateException("403")));
        buckets.failed("outbound", "b", false, StoreException.ofObject("403", new IllegalStateException("403")));
        park(0, "a", "b", "good");
        var ends = new ArrayList<End>();
        while (ends.isEmpty()) {
            clock.advance(Duration.ofSeconds(30));
            ends.addAll(asked(1));
        }
        assertThat(ends.getFirst().entry().parked().key()).isEqualTo("good");
        assertThat(buckets.pauses()).isEmpty();
    }

    @Test
    void shouldFindAGoodObjectSoonBehindManyBadOnes() {
        String[] bad = IntStream.range(0, 500).mapToObj(i -> "bad-" + i).toArray(String[]::new);
        refused.addAll(List.of(bad));
        park(0, bad);
        for (int minute = 0; minute < 5; minute++) {
            clock.advance(Duration.ofMinutes(1));
            assertThat(asked(1)).isEmpty();
        }
        assertThat(buckets.isPaused("outbound")).isTrue();
        park(1, "good");

        clock.advance(Duration.ofSeconds(30));

        assertThat(asked(1)).singleElement().satisfies(end -> assertThat(end.entry().parked().key()).isEqualTo("good"));
    }

    @Test
    void shouldAskAPausedBucketAboutNewKeysOnceASecond() {
        away.add("outbound");
        buckets.failed("outbound", "before", false, new StoreException("no connection"));
        park(0, "a", "b", "c", "d", "e", "f");
        for (int second = 0; second < 6; second++) {
            parked.ask();
            assertThat(parked.isIdle()).isTrue();
            clock.advance(Duration.ofSeconds(1));
            asked(1);
        }
        assertThat(asked).containsExactly("f", "e", "d", "c", "b", "a");
    }

    @Test
    void shouldNotAskAboutASettlingObjectTooSoon() {
        parked.apply(0, "0@0#0~", parked(0, 0, "a", clock.instant().plusSeconds(10)), true);
        clock.advance(Duration.ofSeconds(9));
        assertThat(asked(0)).isEmpty();
        assertThat(asked).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(asked(1)).hasSize(1);
    }

    @Test
    void shouldEndWhatAPersonSkips() {
        away.add("outbound");
        park(0, "a", "b");
        asked(1);
        parked.apply(0, "0@0", new Skip(new Place(0, 0), clock.instant(), "ann", "not ours"), true);
        assertThat(asked(0)).hasSize(2).allSatisfy(end -> assertThat(((End.GivenUp) end).reason())
                .isEqualTo("skipped by ann: not ours"));
        assertThat(asked(0)).isEmpty();
        parked.apply(0, "0@0", null, true);
        assertThat(parked.skips()).isEmpty();
    }

    @Test
    void shouldAskAboutAGoodBucketWhileSilentOnesTakeAllTheRoom() {
        var silence = new CountDownLatch(1);
        List.of("slow-1", "slow-2").forEach(bucket -> {
            silent.put(bucket, silence);
            IntStream.range(0, 8).forEach(i -> {
                Parked entry = new Parked(
                        new Place(bucket.equals("slow-1") ? 1 : 2, 0), i, clock.instant(), "?", bucket, "slow", null,
                        null, "Put", null);
                parked.apply(entry.place().partition(), entry.entryKey(), entry, true);
            });
        });
        parked.ask();
        park(0, "good");
        parked.ask();
        var ends = new ArrayList<End>();
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            ends.addAll(parked.ended());
            return !ends.isEmpty();
        });
        silence.countDown();
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.entry().parked().key()).isEqualTo("good"));
    }

    @Test
    void shouldForgetWhatALostPartitionHad() {
        park(0, "a");
        park(1, "b");
        parked.forget(0);
        assertThat(asked(1)).singleElement().satisfies(end -> assertThat(end.entry().parked().key()).isEqualTo("b"));
        assertThat(parked.size()).isEqualTo(1);
    }

    /** Asks, waits for so many outcomes, and returns what ended. */
    private List<End> asked(int outcomes) {
        int before = asked.size();
        var ends = new ArrayList<End>();
        parked.ask();
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            ends.addAll(parked.ended());
            return asked.size() >= before + outcomes && parked.isIdle();
        });
        return ends;
    }

    private void park(int partition, String... keys) {
        for (int i = 0; i < keys.length; i++) {
            Parked entry = parked(partition, i, keys[i], null);
            parked.apply(partition, entry.entryKey(), entry, true);
        }
    }

    private Parked parked(int partition, int index, String key, @Nullable Instant settlesAt) {
        return new Parked(
                new Place(partition, 0), index, clock.instant(), "?", "outbound", key, null, null, "Put", settlesAt);
    }
}
