package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileId;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.login.PeerSignature;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What instances with a login send each other. */
final class PeersTest {
    private static final String REASON = "{\"reason\":\"they made room\"}";

    @Test
    void shouldKnowWhoAsksAnotherInstance() throws Exception {
        try (var here = new ApiUnderTest(People.TOKENS);
                var there = new ApiUnderTest(People.TOKENS)) {
            FileId failed = there.givenUp();
            there.arrive("drop", "a");
            here.knows(there);

            here.as(People.token(People.OPERATOR));
            assertThat(here.get("/v1/files/" + failed).status()).isEqualTo(200);
            assertThat(here.get("/v1/summary").body().path("files").asInt()).isEqualTo(2);
            assertThat(here.post("/v1/files/" + failed + "/redrive", REASON).status()).isEqualTo(202);
            assertThat(there.written).singleElement().asString().contains("by=otto");
            assertThat(here.post("/v1/cancel", "{\"filter\":{\"route\":\"drop\"},\"reason\":\"x\"}").body()
                    .path("accepted").asInt()).isEqualTo(1);
            assertThat(there.written).hasSize(2).last().asString().contains("by=otto");

            here.as(People.token(People.IMPORTER));
            FileId other = there.arrive("drop", "b");
            here.knows(there);
            assertThat(here.post("/v1/files/" + other + "/import", "{\"action\":\"claim\",\"by\":\"one\"}").body()
                    .path("by").asText()).isEqualTo("crm/one");
        }
    }

    @Test
    void shouldShowANarrowedCallerNothingElseOfAnotherInstance() throws Exception {
        try (var here = new ApiUnderTest(People.TOKENS);
                var there = new ApiUnderTest(People.TOKENS)) {
            FileId failed = there.givenUp();
            there.arrive("drop", "a");
            here.knows(there);
            here.as(People.token(People.OF_DROP));

            assertThat(here.get("/v1/files/" + failed).status()).isEqualTo(404);
            assertThat(here.get("/v1/files").body().path("files").findValuesAsText("route")).containsExactly("drop");
            assertThat(here.get("/v1/files?order=newest").body().path("total").asInt()).isEqualTo(1);
            assertThat(here.get("/v1/summary").body().path("files").asInt()).isEqualTo(1);
            assertThat(here.get("/v1/status").body().path("failed")).isEmpty();
            assertThat(here.get("/v1/status").body().path("configStale").asBoolean()).isFalse();
            there.configStale = true;
            assertThat(here.get("/v1/status").body().path("configStale").asBoolean()).isTrue();
            there.configStale = false;
            assertThat(here.post("/v1/redrive", "{\"filter\":{\"status\":\"FAILED\"},\"reason\":\"x\"}").body()
                    .path("matched").asInt()).isZero();
        }
    }

    /** What the sender's Content-Type says of the bytes is true of the same bytes only. */
    @Test
    void shouldPassABodyOnAsItCame() throws Exception {
        try (var here = new ApiUnderTest(People.TOKENS);
                var there = new ApiUnderTest(People.TOKENS);
                var client = HttpClient.newHttpClient()) {
            FileId failed = there.givenUp();
            here.knows(there);
            var request = HttpRequest.newBuilder(here.base().resolve("/v1/files/" + failed + "/redrive"))
                    .header("Authorization", "Bearer " + People.token(People.OPERATOR))
                    .header("Content-Type", "application/json; charset=iso-8859-1")
                    .POST(BodyPublishers.ofByteArray(
                            "{\"reason\":\"M\u00fcller said so\"}".getBytes(StandardCharsets.ISO_8859_1)))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
            assertThat(there.written).singleElement().asString().contains("M\u00fcller said so");
        }
    }

    /** Servers take what is no address by the book, and clients send it. */
    @Test
    void shouldAnswerForAnotherInstanceWhateverTheQueryHas() throws Exception {
        try (var here = new ApiUnderTest(People.TOKENS);
                var there = new ApiUnderTest(People.TOKENS)) {
            FileId own = here.arrive("drop", "a");
            FileId others = there.arrive("drop", "b");
            here.knows(there);
            for (String query : List.of("?", "?x=a|b", "?x=\"", "?x={}^`", "?x=\u00e9")) {
                assertThat(status(here, "/v1/files/" + others + query))
                        .as(query)
                        .isEqualTo(status(here, "/v1/files/" + own + query));
            }
        }
    }

    /** Java's client would not send such an address. */
    private static String status(ApiUnderTest api, String target) throws IOException {
        try (var socket = new Socket(api.base().getHost(), api.base().getPort())) {
            socket.getOutputStream().write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + People.token(People.VIEWER) + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf('\r'));
        }
    }

    /** Without it an instance could be asked in anybody's name. */
    @Test
    void shouldTakeNothingThatNoInstanceSigned() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            String path = "/v1/files/" + api.givenUp() + "/redrive";
            Map<String, String> signed = signed(People.PEER_SECRET, "POST", path, REASON);
            assertThat(api.raw("POST", path, REASON, signed).status()).isEqualTo(202);
            String token = "Bearer " + People.token(People.ADMIN);

            assertRefused(api, "POST", path, REASON, Map.of());
            assertRefused(api, "POST", path, REASON, Map.of("Authorization", token));
            assertRefused(api, "POST", path, "{\"reason\":\"another\"}", signed);
            assertRefused(api, "POST", path.replace("redrive", "cancel"), REASON, signed);
            assertRefused(api, "POST", path + "?limit=1", REASON, signed);
            assertRefused(api, "POST", path, REASON, signed("another secret of the same length", "POST", path, REASON));
            assertRefused(api, "POST", path, REASON, signed(People.PEER_SECRET, "GET", path, REASON));
            for (String header : List.of("Waybill-Caller", "Waybill-Signature")) {
                var altered = new HashMap<>(signed);
                altered.put(header, signed.get(header).replaceFirst("[a-z2]$", "1") + "1");
                assertRefused(api, "POST", path, REASON, altered);
            }
            assertThat(api.written).hasSize(1);
        }
    }

    private static void assertRefused(
            ApiUnderTest api, String method, String path, String body, Map<String, String> headers) throws Exception {
        var sent = new HashMap<>(headers);
        sent.put(PeerSignature.PASSED_ON, "1");
        sent.put("Content-Type", "application/json");
        ApiCaller.Answer answer = api.raw(method, path, body, sent);
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        assertThat(answer.error()).contains("instance");
    }

    private static Map<String, String> signed(String secret, String method, String path, String body) {
        var signature = new PeerSignature(Secret.of(secret), InstantSource.system());
        var headers = new HashMap<>(signature.headers(
                People.OPERATOR,
                PeerSignature.Request.of(method, path, body.getBytes(StandardCharsets.UTF_8))));
        headers.put(PeerSignature.PASSED_ON, "1");
        headers.put("Content-Type", "application/json");
        return headers;
    }

    @Test
    void shouldSayThatItCannotTellAnotherInstanceWhoAsks() throws Exception {
        var without = People.access(Optional.empty(), MetricsAccess.OPEN);
        try (var here = new ApiUnderTest(without);
                var there = new ApiUnderTest(without)) {
            FileId file = there.givenUp();
            here.knows(there);
            here.as(People.token(People.ADMIN));
            ApiCaller.Answer answer = here.get("/v1/files/" + file);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error()).contains("http.peerSecret is missing");
            assertThat(there.raw("GET", "/v1/files/" + file, "", Map.of(PeerSignature.PASSED_ON, "1")).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void shouldNotWorkTogetherWithAnInstanceOfAnotherSecret() throws Exception {
        try (var here = new ApiUnderTest(People.TOKENS);
                var there = new ApiUnderTest(People.access(
                        Optional.of(Secret.of("another secret of the same length")), MetricsAccess.OPEN))) {
            FileId file = there.givenUp();
            here.knows(there);
            here.as(People.token(People.ADMIN));
            assertThat(here.get("/v1/summary").status()).isEqualTo(503);
            assertThat(here.get("/v1/summary").error()).contains("http.peerSecret");
            ApiCaller.Answer one = here.get("/v1/files/" + file);
            assertThat(one.status()).isEqualTo(503);
        }
    }
}
