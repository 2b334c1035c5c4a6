package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from what a store refuses, and from an answer that is of another object. */
final class S3ReaderRefusalTest extends S3ReaderFixture {
    @ParameterizedTest
    @CsvSource({
            "404, SOURCE_GONE",
            "412, SUPERSEDED",
            "403, SOURCE_FORBIDDEN",
            "400, SOURCE_UNREACHABLE"
    })
    void shouldSayWhyAnObjectCannotBeRead(int answered, FailureKind kind) {
        status = answered;
        body = "<Error><Code>Whatever</Code><Message>m</Message></Error>".getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object(null)))
                .withMessageContaining("outbound/a b+c.csv")
                .withMessageContaining(answered + " Whatever")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void shouldAdviseToRestoreAnObjectOfAnArchive() {
        status = 403;
        body = "<Error><Code>InvalidObjectState</Code></Error>".getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(ObjectArchivedException.class)
                .isThrownBy(() -> reader.open(object(null)))
                .withMessageContainingAll("is in an archive: restore it", "InvalidObjectState")
                .satisfies(archived -> assertThat(archived.getMessage()).doesNotContain("forbidden", "grant"));
    }

    @ParameterizedTest
    @CsvSource({
            "ETag, '\"other\"', SUPERSEDED, ETag",
            "x-amz-version-id, v8, SUPERSEDED, version v8",
            "ETag, , SOURCE_UNREACHABLE, no ETag"
    })
    void shouldRefuseAnotherVersionFromAGatewayThatDoesNotHeedWhatItIsAskedFor(
            String header, @Nullable String told, FailureKind kind, String detail) {
        body = "another".getBytes(StandardCharsets.US_ASCII);
        headers.put("x-amz-version-id", "v7");
        headers.put(header, told);
        headers.values().removeIf(Objects::isNull);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object("v7")))
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void shouldRefuseAnObjectOfAnotherLength() {
        SourceObject arrived = new SourceObject("outbound", "a b+c.csv", null, "abc", 6, Instant.EPOCH);
        body = "content".getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(arrived))
                .withMessageContaining("had 6 bytes when it arrived, the store gives 7")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 8})
    void shouldFailAReadOfAnotherLengthWhereTheStoreDoesNotSayHowLongItIs(long size) throws Exception {
        SourceObject arrived = new SourceObject("outbound", "a b+c.csv", null, "abc", size, Instant.EPOCH);
        body = "content".getBytes(StandardCharsets.US_ASCII);
        chunked = true;

        try (InputStream content = reader.open(arrived)) {
            assertThatIOException().isThrownBy(content::readAllBytes).withMessageContaining("when it arrived");
        }
    }

    @Test
    void shouldTakeAStoreAtItsWordWhichEtagIsTheSame() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        headers.put("ETag", "W/\"abc\"");

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    /** A proxy, or a store under another address, says 404 as well. */
    @ParameterizedTest
    @ValueSource(ints = {404, 503, 301})
    void shouldNotTakeAMissingBucketForAMissingObject(int ofBucket) {
        status = 404;
        statusOfBucket = ofBucket;
        body = "<html>no such page</html>".getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object(null)))
                .withMessageContainingAll("outbound", "404")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.current("outbound", "a b+c.csv"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
    }

    @Test
    void shouldKnowThatAnObjectIsGoneWhereItMayNotAskForTheBucket() {
        status = 404;
        statusOfBucket = 403;
        body = "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.US_ASCII);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object(null)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_GONE));
    }

    @Test
    void shouldReadAnObjectWhoseEtagWasToldAsWeakWhenItArrived() throws Exception {
        SourceObject arrived = new SourceObject("outbound", "a b+c.csv", null, "W/abc", 0, Instant.EPOCH);

        reader.open(arrived).close();

        // A store compares what it is asked for byte by byte, and knows nothing of what a proxy made of its answer.
        assertThat(requests).containsExactly("GET /outbound/a%20b%2Bc.csv If-Match: \"abc\"");
    }

    @Test
    void shouldSayThatTheStoreCannotBeReached() {
        server.stop(0);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object(null)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
    }

    @Test
    void shouldFailAReadThatTheStoreBreaksOff() throws Exception {
        body = new byte[100_000];
        promised = 200_000;

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readNBytes(1000)).hasSize(1000);
            server.stop(0);
            assertThatIOException().isThrownBy(content::readAllBytes);
        }
    }

    @Test
    void shouldSayWhichVersionIsCurrent() throws Exception {
        headers.putAll(Map.of(
                "ETag", "\"def\"",
                "x-amz-version-id", "v8",
                "Last-Modified", "Thu, 01 Jan 2026 12:00:00 GMT"));

        assertThat(reader.current("outbound", "a b+c.csv")).contains(new SourceObject(
                "outbound", "a b+c.csv", "v8", "def", 0, Instant.parse("2026-01-01T12:00:00Z")));
        assertThat(requests).containsExactly("HEAD /outbound/a%20b%2Bc.csv If-Match: null");
    }

    @Test
    void shouldNotTakeAVersionForAnotherBecauseItsEtagIsToldAsWeak() throws Exception {
        headers.putAll(Map.of("ETag", "W/\"abc-3\"", "Last-Modified", "Thu, 01 Jan 2026 12:00:00 GMT"));

        assertThat(reader.current("outbound", "a b+c.csv")).map(SourceObject::etag).contains("abc-3");
    }

    @ParameterizedTest
    @CsvSource({"404", "403", "401"})
    void shouldNotKnowWhichVersionIsCurrentWhereTheStoreDoesNotTell(int answered) throws Exception {
        status = answered;

        assertThat(reader.current("outbound", "a b+c.csv")).isEmpty();
    }

    @Test
    void shouldAskAgainLaterWhichVersionIsCurrent() {
        status = 400;

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.current("outbound", "a b+c.csv"))
                .withMessageContainingAll("outbound/a b+c.csv", "400")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
    }
}
