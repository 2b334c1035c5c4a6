package io.waybill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.domain.Origin;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import io.waybill.store.ObjectCatalog.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store's side is a server that answers HEAD with a status and headers, which is all that HEAD can tell. */
@Timeout(60)
class S3CatalogTest {
    private static final OriginSeal SEAL = new OriginSeal(List.of(Secret.of("only-for-this-test-only-for-this-test")));

    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>(Map.of(
            "ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"", "Last-Modified", "Mon, 02 Mar 2026 08:15:30 GMT"));
    private final Map<String, String> headersOfRefusals = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ObjectCatalog store;
    private volatile String refusal = "";
    private volatile String listing = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        var settings = new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "us-east-1",
                true,
                Optional.of(Secret.of("waybill")),
                Optional.of(Secret.of("waybill-secret")));
        store = ObjectStore.catalog(settings, SEAL);
    }

    @AfterEach
    void stop() {
        store.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String address = exchange.getRequestURI().toString();
        asked.add(address);
        String path = exchange.getRequestURI().getRawPath();
        int status = statuses.getOrDefault(path, 200);
        if (status == 200) {
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Content-Length", "42");
        }
        if (status >= 400) {
            headersOfRefusals.forEach(exchange.getResponseHeaders()::set);
        }
        if (status == 200 && exchange.getRequestMethod().equals("GET")) {
            byte[] body = listing.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } else if (status >= 400 && exchange.getRequestMethod().equals("GET")) {
            byte[] body = ("<Error><Code>" + refusal + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } else {
            exchange.sendResponseHeaders(status, -1);
        }
        exchange.close();
    }

    @Test
    void shouldListAKeyThatXmlCannotHold() throws StoreException {
        listing = """
                <ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>
                  <Contents><Key>esc%1B%5B31m+r%2Bd.txt</Key><LastModified>2026-03-02T08:15:30Z</LastModified>
                    <ETag>&quot;abc&quot;</ETag><Size>1</Size></Contents></ListBucketResult>""";
        List<SourceObject> listed = new CopyOnWriteArrayList<>();

        store.list("outbound", "", listed::add);

        assertThat(listed).extracting(SourceObject::key).containsExactly("esc\u001b[31m r+d.txt");
        assertThat(asked).singleElement().asString().contains("encoding-type=url");
    }

    @Test
    void shouldSayWhereAnObjectCameFromIfThatIsProven() throws StoreException {
        var origin = new Origin("sftp", "acme", "42,1,/out/a.csv", null);
        SEAL.metadata("outbound", "a.csv", origin, OptionalLong.of(42))
                .forEach((name, value) -> headers.put("x-amz-meta-" + name, value));

        assertThat(head("a.csv", null)).isInstanceOfSatisfying(Answer.Found.class, found -> {
            assertThat(found.object().origin()).isEqualTo(origin);
            assertThat(found.voidMark()).isEmpty();
        });
        assertThat(head("b.csv", null)).isInstanceOfSatisfying(Answer.Found.class, found -> {
            assertThat(found.object().origin()).isNull();
            assertThat(found.voidMark()).isPresent();
        });
    }

    @Test
    void shouldDescribeAnObject() throws StoreException {
        assertThat(head("a.csv", null))
                .isEqualTo(new Answer.Found(new SourceObject(
                        "outbound",
                        "a.csv",
                        null,
                        "d41d8cd98f00b204e9800998ecf8427e",
                        42,
                        Instant.parse("2026-03-02T08:15:30Z"))));
    }

    @Test
    void shouldAskForTheVersionThatTheNoticeNames() throws StoreException {
        headers.put("x-amz-version-id", "v1");
        assertThat(found(head("a.csv", "v1")).versionId()).isEqualTo("v1");
        assertThat(asked).containsExactly("/outbound/a.csv?versionId=v1");
    }

    @Test
    void shouldLearnTheVersionWhereTheNoticeNamesNone() throws StoreException {
        headers.put("x-amz-version-id", "v2");
        assertThat(found(head("a.csv", null)).versionId()).isEqualTo("v2");
    }

    @Test
    void shouldTellOverwritesInASuspendedBucketApart() throws StoreException {
        headers.put("x-amz-version-id", "null");
        assertThat(found(head("a.csv", null)).version())
                .isEqualTo("e:d41d8cd98f00b204e9800998ecf8427e@1772439330");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "aws-chunked", "gzip,aws-chunked"})
    void shouldDescribeACompressedObject(String encoding) throws StoreException {
        headers.put("Content-Encoding", encoding);
        assertThat(found(head("a.csv.gz", null)).size()).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b+c%20d%2Be.csv", "Größe/März 2026.csv", "a/../b", "./a", "a//b", "/a", "?&#=.csv"})
    void shouldNameTheObjectAsItIs(String key) throws StoreException {
        assertThat(found(head(key, null)).key()).isEqualTo(key);
        assertThat(URI.create(asked.getFirst()).getPath()).isEqualTo("/outbound/" + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GLACIER", "DEEP_ARCHIVE"})
    void shouldSayThatAnObjectOfAnArchiveMustBeRestored(String storageClass) throws StoreException {
        headers.put("x-amz-storage-class", storageClass);
        assertThat(head("a.csv", null)).isInstanceOfSatisfying(
                Answer.Archived.class, answer -> assertThat(answer.advice()).contains(storageClass, "restore it"));
        headers.put("x-amz-restore", "ongoing-request=\"true\"");
        assertThat(head("a.csv", null)).isInstanceOf(Answer.Archived.class);
        headers.put("x-amz-restore", "ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2026 00:00:00 GMT\"");
        assertThat(head("a.csv", null)).isInstanceOf(Answer.Found.class);
    }

    @Test
    void shouldSayThatAnObjectIsGone() throws StoreException {
        statuses.put("/outbound/a.csv", 404);
        assertThat(head("a.csv", null)).isEqualTo(new Answer.Gone());
    }

    @Test
    void shouldTakeADeleteMarkerForGone() throws StoreException {
        statuses.put("/outbound/a.csv", 405);
        assertThat(head("a.csv", "v1")).isEqualTo(new Answer.Gone());
        headersOfRefusals.put("x-amz-delete-marker", "true");
        assertThat(head("a.csv", null)).isEqualTo(new Answer.Gone());
    }

    @Test
    void shouldNotTakeAnObjectForGoneWhereAProxyLetsNoHeadThrough() {
        statuses.put("/outbound/a.csv", 405);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .satisfies(e -> assertThat(e.scope()).isEqualTo(StoreException.Scope.OBJECT))
                .withMessageContaining("let HEAD through");
        statuses.put("/outbound", 405);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .satisfies(e -> assertThat(e.scope()).isEqualTo(StoreException.Scope.BUCKET));
    }

    @Test
    void shouldNotTakeAMissingBucketForAMissingObject() {
        statuses.put("/outbound/a.csv", 404);
        statuses.put("/outbound", 404);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .withMessageContaining("s3.endpoint");
    }

    @Test
    void shouldRefuseForGoodOnlyWhatTheStoreRefusesOfThisObject() throws StoreException {
        statuses.put("/outbound/a.csv", 400);
        assertThat(head("a.csv", "no-version")).isInstanceOf(Answer.Refused.class);
        statuses.put("/outbound", 400);
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> head("a.csv", "no-version"));
    }

    @Test
    void shouldSayWhichRightsAreMissing() {
        statuses.put("/outbound/a.csv", 403);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .withMessageContaining("s3:ListBucket");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500, 501, 503})
    void shouldBlameOnlyTheObjectIfTheBucketAnswers(int status) {
        statuses.put("/outbound/a.csv", status);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .satisfies(e -> assertThat(e.scope()).isEqualTo(StoreException.Scope.OBJECT))
                .withMessageContaining("outbound/a.csv answered " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 500, 501, 503})
    void shouldBlameTheBucketIfItIsRefusedToo(int status) {
        statuses.put("/outbound/a.csv", status);
        statuses.put("/outbound", status);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .satisfies(e -> assertThat(e.scope()).isEqualTo(StoreException.Scope.BUCKET))
                .withMessageContaining("HEAD of the bucket answered " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ExpiredToken", "RequestTimeTooSkewed", "InvalidAccessKeyId"})
    void shouldNameTheFaultOfCredentialsAndClocks(String code) {
        statuses.put("/outbound/a.csv", 403);
        statuses.put("/outbound", 403);
        refusal = code;
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> head("a.csv", null))
                .withMessageContaining(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 414, 431})
    void shouldRefuseForGoodANameThatTheStoreCannotHave(int status) throws StoreException {
        statuses.put("/outbound/a.csv", status);
        assertThat(head("a.csv", "9".repeat(100))).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void shouldWaitForAStoreThatIsAway() {
        server.stop(0);
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> head("a.csv", null));
    }

    private Answer head(String key, @Nullable String versionId) throws StoreException {
        return store.describe(new ObjectVersion("outbound", key, versionId));
    }

    private static SourceObject found(Answer answer) {
        return ((Answer.Found) answer).object();
    }
}
