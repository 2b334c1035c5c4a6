package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.SourceObject;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of an object. */
final class S3ReaderTest extends S3ReaderFixture {
    /** More than most HTTP clients keep of themselves. */
    private static final int READS = 12;

    @Test
    void shouldReadExactlyTheVersionThatArrived() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);

        try (InputStream content = reader.open(object("v7"))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }

        assertThat(requests).containsExactly("GET /outbound/a%20b%2Bc.csv?versionId=v7 If-Match: \"abc\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "/a", "./a", "a/../b", "a/.", "a%2Fb"})
    void shouldReadTheObjectOfJustThisKey(String key) throws Exception {
        var object = new SourceObject("outbound", key, null, "abc", 0, Instant.EPOCH);

        reader.open(object).close();

        String path = requests.getFirst().split(" ")[1];
        assertThat(URI.create(path).getPath()).isEqualTo("/outbound/" + key);
    }

    @Test
    void shouldReadAnEmptyObject() throws Exception {
        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEmpty();
        }

        assertThat(requests).containsExactly("GET /outbound/a%20b%2Bc.csv If-Match: \"abc\"");
    }

    @Test
    void shouldReadACompressedObjectAsItWasStored() throws Exception {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(new byte[100]);
        }
        body = compressed.toByteArray();
        encoding = Optional.of("gzip");

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void shouldUseTheConnectionsOfObjectsThatWereReadAgain() throws Exception {
        body = new byte[100];

        readAtOnce();
        readAtOnce();

        assertThat(requests).hasSize(2 * READS);
        assertThat(connections).hasSize(READS);
    }

    private void readAtOnce() throws Exception {
        List<InputStream> contents = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            contents.add(reader.open(object(null)));
        }
        for (InputStream content : contents) {
            assertThat(content.readAllBytes()).isEqualTo(body);
            content.close();
        }
    }

    @Test
    void shouldNotReadOnWhenClosedEarly() throws Exception {
        body = new byte[1 << 20];
        promised = Integer.MAX_VALUE;

        InputStream content = reader.open(object(null));
        assertThat(content.read()).isZero();
        content.close();

        assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldReadTheVersionThatABucketHadBeforeItWasVersioned() throws Exception {
        headers.put("x-amz-version-id", "null");

        try (InputStream content = reader.open(object("null"))) {
            assertThat(content.readAllBytes()).isEmpty();
        }

        assertThat(requests).containsExactly("GET /outbound/a%20b%2Bc.csv?versionId=null If-Match: \"abc\"");
    }
}
