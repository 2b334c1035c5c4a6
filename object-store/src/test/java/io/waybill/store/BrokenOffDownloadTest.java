package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SDK against a server that hangs up in the middle of objects, as stores do on readers that are slow. */
final class BrokenOffDownloadTest {
    private final byte[] body = new byte[1_000_000];
    private final SourceObject object =
            new SourceObject("outbound", "a.csv", "v7", "abc", body.length, Instant.EPOCH);
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ObjectReader reader;
    private int step = 300_000;
    private boolean knowsRanges = true;
    private String etag = "\"abc\"";
    private int statusOfRest = 206;
    private String codeOfRest = "";
    private int statusOfBucket = 200;
    private int status = 200;
    private int deafFor;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(body);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        reader = ObjectStore.reader(settings());
    }

    private S3Settings settings() {
        return new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "eu-central-1",
                true,
                Optional.of(Secret.of("key")),
                Optional.of(Secret.of("secret")));
    }

    @AfterEach
    void stop() {
        reader.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/outbound")) {
            exchange.sendResponseHeaders(statusOfBucket, -1);
            exchange.close();
            return;
        }
        if (deafFor > 0) {
            deafFor--;
            exchange.close();
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range + " If-Match " + exchange.getRequestHeaders().getFirst("If-Match"));
        boolean first = range == null && exchange.getRequestMethod().equals("GET");
        exchange.getResponseHeaders().set("ETag", first ? "\"abc\"" : etag);
        boolean part = range != null && knowsRanges;
        int from = part ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
        if (range == null) {
            var crc = new CRC32();
            crc.update(body);
            exchange.getResponseHeaders().set("x-amz-checksum-crc32", base64((int) crc.getValue()));
        } else if (statusOfRest >= 300) {
            byte[] error = ("<Error><Code>" + codeOfRest + "</Code></Error>").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(statusOfRest, error.length);
            exchange.getResponseBody().write(error);
            exchange.close();
            return;
        }
        if (part) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (body.length - 1) + "/" + body.length);
        }
        exchange.sendResponseHeaders(part ? 206 : status, body.length - from);
        int until = Math.min(body.length, part || range == null ? from + step : body.length);
        try {
            exchange.getResponseBody().write(body, from, until - from);
            exchange.getResponseBody().flush();
        } finally {
            // Fewer bytes than were announced: the server hangs up.
            exchange.close();
        }
    }

    private static String base64(int crc) {
        return java.util.Base64.getEncoder()
                .encodeToString(java.nio.ByteBuffer.allocate(Integer.BYTES).putInt(crc).array());
    }

    @Test
    void shouldReadOnWhereTheStoreHungUp() throws Exception {
        try (InputStream content = reader.open(object)) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }

        assertThat(ranges).hasSize(4).first().isEqualTo("null If-Match \"abc\"");
        assertThat(ranges.subList(1, 4))
                .containsExactly(
                        "bytes=300000- If-Match \"abc\"",
                        "bytes=600000- If-Match \"abc\"",
                        "bytes=900000- If-Match \"abc\"");
    }

    @Test
    void shouldReadOnAtAStoreThatSendsAllOfAnObjectAgain() throws Exception {
        knowsRanges = false;

        try (InputStream content = reader.open(object)) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }

        assertThat(ranges).hasSize(2);
    }

    @Test
    void shouldAskForTheRestAfterItLetTheConnectionGo() throws Exception {
        step = body.length;
        try (InputStream content = reader.open(object)) {
            byte[] first = content.readNBytes(10_000);
            ((ObjectReader.Held) content).letGo();

            assertThat(first).isEqualTo(Arrays.copyOf(body, 10_000));
            assertThat(content.readAllBytes()).isEqualTo(Arrays.copyOfRange(body, 10_000, body.length));
        }

        assertThat(ranges).containsExactly("null If-Match \"abc\"", "bytes=10000- If-Match \"abc\"");
    }

    /** A slow destination takes the last part of a file late. Each attempt would fail after all bytes were read. */
    @Test
    void shouldNotAskForMoreThanTheObjectHasAfterItLetTheConnectionGo() throws Exception {
        step = body.length;
        try (InputStream content = reader.open(object)) {
            assertThat(content.readNBytes(body.length)).isEqualTo(body);
            ((ObjectReader.Held) content).letGo();
            statusOfRest = 416;
            codeOfRest = "InvalidRange";

            assertThat(content.read()).isEqualTo(-1);
        }

        assertThat(ranges).hasSize(1);
    }

    @Test
    void shouldNeverContinueWithAnotherVersion() throws Exception {
        etag = "\"def\"";

        try (InputStream content = reader.open(object)) {
            assertThatIOException()
                    .isThrownBy(content::readAllBytes)
                    .satisfies(e -> assertThat(e.getCause()).isInstanceOfSatisfying(
                            TransferException.class,
                            cause -> assertThat(cause.kind()).isEqualTo(FailureKind.SUPERSEDED)));
        }
    }

    @Test
    void shouldGiveUpOnAStoreThatBreaksOffAgainAndAgain() throws Exception {
        step = 10;

        try (InputStream content = reader.open(object)) {
            assertThatIOException().isThrownBy(content::readAllBytes);
        }

        assertThat(ranges).hasSizeLessThan(10);
    }

    @ParameterizedTest
    @CsvSource({"403, ExpiredToken", "400, ExpiredToken", "403, RequestTimeTooSkewed", "403, InvalidAccessKeyId"})
    void shouldBlameNoObjectForCredentialsOrClocks(int answered, String code) throws Exception {
        statusOfRest = answered;
        codeOfRest = code;

        try (InputStream content = reader.open(object)) {
            assertThatIOException()
                    .isThrownBy(content::readAllBytes)
                    .withCauseInstanceOf(StoreDownException.class)
                    .withMessageContaining(code);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 404, 400})
    void shouldBlameNoObjectIfTheBucketDoesNotAnswerEither(int ofBucket) throws Exception {
        statusOfRest = 500;
        statusOfBucket = ofBucket;

        try (InputStream content = reader.open(object)) {
            assertThatIOException()
                    .isThrownBy(content::readAllBytes)
                    .withCauseInstanceOf(StoreDownException.class);
        }
    }

    @Test
    void shouldBlameTheObjectIfTheBucketAnswers() throws Exception {
        statusOfRest = 500;

        try (InputStream content = reader.open(object)) {
            assertThatIOException()
                    .isThrownBy(content::readAllBytes)
                    .satisfies(e -> assertThat(e.getCause()).isInstanceOf(TransferException.class)
                            .isNotInstanceOf(StoreDownException.class));
        }
    }

    /** More often than the SDK asks by itself: each time another connection of its pool may be closed. */
    @Test
    void shouldBurnNoAttemptWhereTheStoreHasClosedItsIdleConnections() throws Exception {
        step = body.length;
        deafFor = 7;

        try (InputStream content = reader.open(object)) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void shouldNotTakeTheStoreForDownBecauseItsReaderIsInterrupted() {
        Thread reading = Thread.currentThread();
        server.removeContext("/");
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/outbound")) {
                reading.interrupt();
            } else {
                exchange.sendResponseHeaders(500, -1);
            }
            exchange.close();
        });

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object))
                .isNotInstanceOf(StoreDownException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    /** A lane waits so long for the object. The SDK has repeated the request by itself already. */
    @Test
    void shouldNotRepeatARequestAfterItWaitedInVain() {
        var requests = new AtomicInteger();
        var silence = new CountDownLatch(1);
        server.removeContext("/");
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/outbound")) {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
                return;
            }
            requests.incrementAndGet();
            try {
                silence.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        var limits = new Limits(10, Duration.ofSeconds(10), Duration.ofMillis(200), Optional.empty());
        try (var impatient = new S3Reader(new StoreClient(settings(), limits), new Refusals(settings()))) {
            assertThatExceptionOfType(TransferException.class).isThrownBy(() -> impatient.open(object));
        } finally {
            silence.countDown();
        }

        assertThat(requests).hasValueLessThanOrEqualTo(4);
    }

    @Test
    void shouldNotTakeSomethingThatIsNoStoreForAStoreWithoutTheObject() {
        server.removeContext("/");
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(
                    exchange.getRequestURI().getPath().equals("/outbound") ? 403 : 404, -1);
            exchange.close();
        });

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> reader.open(object))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.SOURCE_UNREACHABLE));
    }
}
