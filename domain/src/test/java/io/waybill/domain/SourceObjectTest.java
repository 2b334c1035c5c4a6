package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceObjectTest {
    private static final Instant WRITTEN = Instant.ofEpochSecond(1_700_000_000, 999_000_000);

    private static SourceObject object(@Nullable String versionId, String etag, Instant lastModified) {
        return new SourceObject("bucket", "key", versionId, etag, 1, lastModified);
    }

    @Test
    void shouldBeToldApartByItsVersionIdAlone() {
        assertThat(object("3/L4kqtJ", "etag", WRITTEN).version())
                .isEqualTo("v:3/L4kqtJ")
                .isEqualTo(object("3/L4kqtJ", "other", WRITTEN.plusSeconds(9)).version());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "null"})
    void shouldBeToldApartByEtagAndSecondWhereTheVersionIdSaysNothing(@Nullable String versionId) {
        assertThat(object(versionId, "etag", WRITTEN).version()).isEqualTo("e:etag@1700000000");
    }

    @Test
    void shouldBeAnotherVersionWhenTheSameBytesAreWrittenAgain() {
        assertThat(object(null, "etag", WRITTEN).version())
                .isNotEqualTo(object(null, "etag", WRITTEN.plusSeconds(1)).version());
    }

    @Test
    void shouldBeOneVersionForStoresThatTellMillisecondsAndThoseThatDoNot() {
        assertThat(object(null, "etag", WRITTEN).version())
                .isEqualTo(object(null, "etag", Instant.ofEpochSecond(1_700_000_000)).version());
    }

    @Test
    void shouldNotTakeAVersionIdForAnEtag() {
        assertThat(object("etag@1700000000", "x", WRITTEN).version())
                .isNotEqualTo(object(null, "etag", WRITTEN).version());
    }

    /** Where both have an id, and where one store, or one request, tells none. */
    @ParameterizedTest
    @CsvSource({
            "v7, abc, v7, other, 5, true",
            "v7, abc, v8, abc, 0, false",
            "v7, abc, null, abc, 0, false",
            ", abc, v7, abc, 5, true",
            ", abc, , abc, 5, true",
            ", W/abc, , abc, 0, true",
            "null, W/abc, null, abc, 0, true",
            "null, abc, null, abc, 1, false",
            ", abc, , other, 0, false"
    })
    void shouldKnowTheSameVersionHoweverItsEtagIsTold(
            @Nullable String id, String etag, @Nullable String otherId, String otherEtag, int later, boolean same) {
        SourceObject one = object(id, etag, WRITTEN);
        SourceObject other = object(otherId, otherEtag, WRITTEN.plusSeconds(later));

        assertThat(one.isSameVersionAs(other)).isEqualTo(same);
        assertThat(other.isSameVersionAs(one)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({"'', key, etag, 0", "bucket, '', etag, 0", "bucket, key, '', 0", "bucket, key, etag, -1"})
    void shouldRefuseWhatNoStoreSays(String bucket, String key, String etag, long size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SourceObject(bucket, key, null, etag, size, WRITTEN))
                .withMessageContaining("but w");
    }
}
