package io.waybill.store;

import static io.waybill.store.RegionalStore.BUCKET;
import static io.waybill.store.RegionalStore.ELSEWHERE;
import static io.waybill.store.RegionalStore.HOME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.store.ObjectCatalog.Answer.Found;
import io.waybill.store.RegionalStore.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A bucket that is in another region than the configuration says. */
@Timeout(60)
class OtherRegionTest {
    private static final String KEY = "a.csv";
    private static final SourceObject OBJECT =
            new SourceObject(BUCKET, KEY, null, "abc", 7, Instant.parse("2026-03-02T08:15:30Z"));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(value = Answer.class, mode = Mode.MATCH_ANY, names = ".*NAMED.*")
    void shouldDescribeAndList(Answer wrongRegion) throws IOException {
        try (var store = new RegionalStore(wrongRegion);
                var catalog = ObjectStore.catalog(store.settings())) {
            store.put(KEY, "content");
            List<SourceObject> listed = new ArrayList<>();

            catalog.list(BUCKET, "", listed::add);

            assertThat(listed).containsExactly(OBJECT);
            assertThat(catalog.describe(new ObjectVersion(BUCKET, KEY, null))).isEqualTo(new Found(OBJECT));
            catalog.requireBucket(BUCKET);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Answer.class, mode = Mode.MATCH_ANY, names = ".*NAMED.*")
    void shouldRead(Answer wrongRegion) throws Exception {
        try (var store = new RegionalStore(wrongRegion);
                var reader = ObjectStore.reader(store.settings())) {
            store.put(KEY, "content");

            try (InputStream content = reader.open(OBJECT)) {
                assertThat(content.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("content");
            }
            assertThat(reader.current(BUCKET, KEY)).contains(OBJECT);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Answer.class, mode = Mode.MATCH_ANY, names = ".*NAMED.*")
    void shouldWrite(Answer wrongRegion) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "content");
        try (var store = new RegionalStore(wrongRegion);
                var writer = ObjectStore.writer(store.settings())) {
            writer.makeBucket(BUCKET);

            assertThat(writer.put(BUCKET, KEY, file, Content.of(file).sha256())).isEqualTo(OBJECT);
        }
    }

    @Test
    void shouldRememberTheRegion() throws Exception {
        try (var store = new RegionalStore(Answer.MOVED_NAMED);
                var reader = ObjectStore.reader(store.settings())) {
            store.put(KEY, "content");

            for (int i = 0; i < 3; i++) {
                reader.open(OBJECT).close();
            }

            assertThat(store.requests()).containsExactly(
                    "GET " + ELSEWHERE, "GET " + ELSEWHERE, "GET " + HOME, "GET " + HOME, "GET " + HOME);
        }
    }

    @Test
    void shouldTakeARefusalFromTheRightRegionForTheLastWord() throws Exception {
        try (var store = new RegionalStore(Answer.MOVED_NAMED);
                var reader = ObjectStore.reader(store.settings(HOME))) {
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> reader.open(OBJECT))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_GONE));

            assertThat(store.requests()).containsExactly("GET " + HOME);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Answer.class, mode = Mode.MATCH_NONE, names = ".*NAMED.*")
    void shouldSayWhatTheStoreSaysOfTheRegion(Answer wrongRegion) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "content");
        try (var store = new RegionalStore(wrongRegion);
                var catalog = ObjectStore.catalog(store.settings());
                var reader = ObjectStore.reader(store.settings());
                var writer = ObjectStore.writer(store.settings())) {
            assertUnavailable(wrongRegion, () -> catalog.describe(new ObjectVersion(BUCKET, KEY, null)));
            assertUnavailable(wrongRegion, () -> catalog.list(BUCKET, "", _ -> {}));
            assertUnavailable(wrongRegion, () -> catalog.requireBucket(BUCKET));
            assertUnavailable(wrongRegion, () -> writer.makeBucket(BUCKET));
            assertUnavailable(wrongRegion, () -> writer.put(BUCKET, KEY, file, "no digest"));
            assertUnreachable(wrongRegion, () -> reader.open(OBJECT));
            assertUnreachable(wrongRegion, () -> reader.current(BUCKET, KEY));
            // Seven operations. A failure to describe an object makes the catalog ask for the bucket, too.
            assertThat(store.requests()).hasSizeLessThanOrEqualTo(8 * 4);
        }
    }

    private static void assertUnavailable(Answer wrongRegion, ThrowingCallable call) {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(call)
                .satisfies(e -> assertExplained(wrongRegion, e.getMessage()));
    }

    private static void assertUnreachable(Answer wrongRegion, ThrowingCallable call) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(call)
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE);
                    assertExplained(wrongRegion, e.getMessage());
                });
    }

    private static void assertExplained(Answer wrongRegion, String message) {
        assertThat(message).contains(
                BUCKET, Integer.toString(wrongRegion.status()), "s3.region", "'" + ELSEWHERE + "'");
    }
}
