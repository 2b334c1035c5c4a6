package io.waybill.worker.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import io.waybill.worker.TransferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SDK against a server that answers as stores do. */
final class S3SourceReaderTest {
    /** More than most HTTP clients keep of themselves. */
    private static final int READS = 12;

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private S3SourceReader reader;
    private int status = 200;
    private byte[] body = new byte[0];
    private int promised;
    private Optional<String> encoding = Optional.empty();
    private final Set<InetSocketAddress> connections = new HashSet<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        reader = new S3SourceReader(new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "eu-central-1",
                true,
                Optional.of(Secret.of("key")),
                Optional.of(Secret.of("secret"))));
    }

    @AfterEach
    void stop() {
        reader.close();
        server.stop(0);
    }

    @Test
    void shouldReadExactlyTheVersionThatArrived() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);

        try (InputStream content = reader.open(object("v7"))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }

        assertThat(requests).containsExactly("GET /outbound/a%20b%2Bc.csv?versionId=v7 If-Match: \"abc\"");
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
    void shouldNotReadOnWhenClosedEarly() throws Exception {
        body = new byte[1 << 20];
        promised = Integer.MAX_VALUE;

        InputStream content = reader.open(object(null));
        assertThat(content.read()).isZero();
        content.close();

        assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " If-Match: "
                + exchange.getRequestHeaders().getFirst("If-Match"));
        connections.add(exchange.getRemoteAddress());
        encoding.ifPresent(name -> exchange.getResponseHeaders().set("Content-Encoding", name));
        int length = Math.max(promised, body.length);
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
            while (promised == Integer.MAX_VALUE) {
                out.write(body);
            }
        } catch (IOException e) {
            hungUp.countDown();
        } finally {
            exchange.close();
        }
    }

    private static SourceObject object(@Nullable String version) {
        return new SourceObject("outbound", "a b+c.csv", version, "abc", 7, Instant.EPOCH);
    }
}
