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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The SDK against a server that answers as stores do. */
final class S3ReaderTest {
    /** More than most HTTP clients keep of themselves. */
    private static final int READS = 12;

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private ObjectReader reader;
    private int status = 200;
    private byte[] body = new byte[0];
    private int promised;
    private boolean chunked;
    private boolean refusesMode;
    private int illFor;
    private int statusOfBucket = 200;
    private final Map<String, String> headers = new HashMap<>(Map.of("ETag", "\"abc\""));
    private Optional<String> encoding = Optional.empty();
    private final Set<InetSocketAddress> connections = new HashSet<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        reader = ObjectStore.reader(new S3Settings(
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

    /** Of "content", by Python's zlib and hashlib, and by the catalogue of CRCs. */
    @ParameterizedTest
    @CsvSource({
            "x-amz-checksum-crc32, /sUwqQ==",
            "x-amz-checksum-sha256, 7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=",
            "x-amz-checksum-sha1, BA8G/XdAkkeNRQd09bowxdp4rMg="
    })
    void shouldReadAnObjectWhoseChecksumIsThatOfTheStore(String header, String checksum) throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        headers.put(header, checksum);

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "x-amz-checksum-crc32, AAAAAA==",
            "x-amz-checksum-crc32c, AAAAAA==",
            "x-amz-checksum-crc64nvme, AAAAAAAAAAA=",
            "x-amz-checksum-sha256, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "x-amz-checksum-sha1, 2jmj7l5rSw0yVb/vlWAYkK/YBwk="
    })
    void shouldFailAReadWhoseBytesAreNotThoseThatAreStored(String header, String checksum) throws Exception {
        body = new byte[100_000];
        body[77_777] = 1;
        headers.put(header, checksum);

        try (InputStream content = reader.open(object(null))) {
            assertThatIOException()
                    .isThrownBy(content::readAllBytes)
                    .withMessageContaining("not what is stored")
                    .withMessageContaining(checksum);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "x-amz-checksum-crc32, AAAAAA==-3, ",
            "x-amz-checksum-sha256, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=, COMPOSITE",
            "x-amz-checksum-crc32, of another kind, "
    })
    void shouldNotCompareAChecksumThatIsNotOfTheWholeObject(
            String header, String checksum, @Nullable String type) throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        headers.put(header, checksum);
        headers.put("x-amz-checksum-type", type);
        headers.values().removeIf(Objects::isNull);

        try (InputStream content = reader.open(object(null))) {
            assertThat(content.readAllBytes()).isEqualTo(body);
        }
    }

    @Test
    void shouldAskNoMoreForChecksumsWhereTheStoreDoesNotKnowThem() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        refusesMode = true;

        for (int i = 0; i < 2; i++) {
            try (InputStream content = reader.open(object(null))) {
                assertThat(content.readAllBytes()).isEqualTo(body);
            }
        }

        assertThat(requests).hasSizeBetween(3, 6);
        assertThat(requests.getLast()).doesNotContain("ENABLED");
    }

    @Test
    void shouldGoOnComparingChecksumsAfterTheStoreWasIllOnce() throws Exception {
        body = "content".getBytes(StandardCharsets.US_ASCII);
        illFor = 1;
        reader.open(object(null)).close();
        headers.put("x-amz-checksum-crc32", "AAAAAA==");

        try (InputStream content = reader.open(object(null))) {
            assertThatIOException().isThrownBy(content::readAllBytes).withMessageContaining("not what is stored");
        }
    }

    @Test
    void shouldAskNoMoreForChecksumsWhereTheStoreCallsThatABadRequestEveryTime() throws Exception {
        illFor = Integer.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            reader.open(object(null)).close();
        }

        assertThat(requests).hasSizeLessThan(15);
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
    void shouldAddUpAsTheCatalogueOfChecksumsSays() {
        var whole = new Crc64Nvme();
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        whole.update(digits, 0, digits.length);
        var single = new Crc64Nvme();
        for (byte digit : digits) {
            single.update(digit);
        }

        assertThat(whole.getValue()).isEqualTo(0xAE8B14860A799888L).isEqualTo(single.getValue());
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

    @Test
    void shouldReadTheVersionThatABucketHadBeforeItWasVersioned() throws Exception {
        headers.put("x-amz-version-id", "null");

        try (InputStream content = reader.open(object("null"))) {
            assertThat(content.readAllBytes()).isEmpty();
        }

        assertThat(requests).containsExactly("GET /outbound/a%20b%2Bc.csv?versionId=null If-Match: \"abc\"");
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

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " If-Match: "
                + exchange.getRequestHeaders().getFirst("If-Match")
                + (refusesMode && exchange.getRequestHeaders().containsKey("x-amz-checksum-mode") ? " ENABLED" : ""));
        connections.add(exchange.getRemoteAddress());
        encoding.ifPresent(name -> exchange.getResponseHeaders().set("Content-Encoding", name));
        boolean mode = exchange.getRequestHeaders().containsKey("x-amz-checksum-mode");
        headers.forEach((name, value) -> {
            if (mode || !name.startsWith("x-amz-checksum")) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        if (exchange.getRequestURI().getPath().equals("/outbound")) {
            exchange.sendResponseHeaders(statusOfBucket, -1);
            exchange.close();
            return;
        }
        int length = Math.max(promised, body.length);
        int code = mode && refusesMode ? 501 : mode && illFor-- > 0 ? 400 : status;
        exchange.sendResponseHeaders(code, chunked ? 0 : length == 0 ? -1 : length);
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

    private SourceObject object(@Nullable String version) {
        return new SourceObject("outbound", "a b+c.csv", version, "abc", Math.max(promised, body.length),
                Instant.EPOCH);
    }
}
