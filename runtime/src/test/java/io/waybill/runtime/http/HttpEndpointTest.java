package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.CaughtLogs;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.ProcessClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(30)
class HttpEndpointTest {
    /** In place of a status. */
    private static final int BROKEN_OFF = 0;

    @RegisterExtension
    final CaughtLogs warnings = CaughtLogs.of(Javalin.class);

    private final Map<String, Health> health = new ConcurrentHashMap<>(Map.of("worker", Health.UP));
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final HttpEndpoint endpoint = endpoint(0, List.of(new HttpRoutes() {
        @Override
        public void addTo(RoutesConfig routes) {
            routes.get("/v1/hello", http -> http.result("hi"), Permission.READ);
            routes.post("/v1/cancel", http -> done.add(http.body()), Permission.OPERATE);
            routes.get("/v1/broken", _ -> {
                throw new IllegalStateException("this is meant to happen");
            }, Permission.READ);
            routes.get("/v1/slow", http -> {
                begun.countDown();
                answer.await();
                http.result("whole");
            }, Permission.READ);
            routes.get("/v1/some", http -> http.result("some"), Permission.READ, QueryParameters.of("limit", "since"));
            routes.get("/v1/undeclared", http -> http.result("secret"));
        }

        @Override
        public List<String> entries() {
            return List.of("/v1/hello");
        }
    }));
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    private final Logger log = (Logger) LoggerFactory.getLogger(HttpEndpoint.class);
    private final Logger server = (Logger) LoggerFactory.getLogger(Javalin.class);

    @BeforeEach
    void start() {
        log.setLevel(Level.OFF); // A fault of Waybill is logged, and one test has one.
        server.setLevel(Level.OFF); // One test takes its port, and one sends it too much.
        port = endpoint.start();
    }

    @AfterEach
    void stop() {
        log.setLevel(null);
        server.setLevel(null);
        client.close();
        endpoint.close();
    }

    @Test
    void shouldSayThatAllIsWell() throws Exception {
        for (String path : List.of("/healthz", "/readyz")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode json = new ObjectMapper().readTree(answer.body());
            assertThat(json.path("ok").asBoolean()).isTrue();
            assertThat(json.at("/services/worker/state").asText()).isEqualTo("UP");
        }
    }

    @Test
    void shouldBeAliveAndNotReadyWhileAServiceStarts() throws Exception {
        health.put("state", Health.starting("restores 3 of 12 tasks"));
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        HttpResponse<String> answer = get("/readyz");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("restores 3 of 12 tasks", "\"ok\":false");
    }

    @Test
    void shouldAskToBeRestartedWhenAServiceIsBeyondRecovery() throws Exception {
        health.put("state", Health.down("has stopped"));
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void shouldShowItsMetersToPrometheus() throws Exception {
        meters.counter("waybill.things", "kind", "small").increment(3);
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.body()).contains("waybill_things_total{kind=\"small\"} 3.0");
        assertThat(answer.headers().firstValue("Content-Type")).get().asString().startsWith("text/plain");
    }

    @Test
    void shouldServeWhatServicesOffer() throws Exception {
        assertThat(get("/v1/hello").body()).isEqualTo("hi");
        assertThat(get("/v1/other").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldLetNobodyUseARouteThatDoesNotSayWhoMay() throws Exception {
        HttpResponse<String> answer = get("/v1/undeclared");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("does not say who may").doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "/v1/hello?                      | 200 | hi",
                    "/v1/hello?x                     | 400 | unknown parameter x; there are none here",
                    "/v1/hello?y=1&x=2&y=3           | 400 | unknown parameter x, y; there are none here",
                    "/v1/some?limit=5&since=now      | 200 | some",
                    "/v1/some?limits=5               | 400 | unknown parameter limits; known are limit, since",
                    "/v1/some?limit=5&since=1&limit= | 400 | limit: the parameter is given more than once",
                    "/v1/undeclared?x=1              | 403 | does not say who may",
                    "/?x=1                           | 400 | there are none here",
                    "/healthz?probe=1&probe=2        | 200 | UP",
                    "/metrics?name[]=waybill         | 200 | ''"
            })
    void shouldTakeOnlyTheParametersThatARouteDeclares(String address, int status, String answer) throws Exception {
        HttpResponse<String> answered = get(address.replace("[]", "%5B%5D"));

        assertThat(answered.statusCode()).isEqualTo(status);
        assertThat(answered.body()).contains(answer);
    }

    @Test
    void shouldNotLetARequestThroughThatPutsItsFieldsIntoItsAddress() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/v1/cancel?dryRun=true").POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("unknown parameter dryRun", "takes the fields of its body");
        assertThat(done).isEmpty();
        assertThat(client.send(request("/v1/some?x=1").HEAD().build(), BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldCountWhatItRefuses() throws Exception {
        get("/v1/undeclared");
        assertThat(get("/metrics").body()).contains("waybill_http_refused_total{reason=\"forbidden\"} 1.0",
                "waybill_http_refused_total{reason=\"no_login\"} 0.0",
                "waybill_http_refused_total{reason=\"bad_login\"} 0.0",
                "waybill_http_refused_total{reason=\"bad_signature\"} 0.0");
    }

    @Test
    void shouldSayWhichPortIsTaken() {
        try (var second = endpoint(port, List.of())) {
            assertThatExceptionOfType(BadConfigurationException.class)
                    .isThrownBy(second::start)
                    .withMessage("http.port: 127.0.0.1:" + port + " is taken by another program");
        }
    }

    @Test
    void shouldRefuseARequestThatSaysOneMethodAndMeansAnother() throws Exception {
        String answer = raw("GET /v1/cancel HTTP/1.1", "Host: 127.0.0.1", "X-HTTP-Method-Override: POST");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("X-HTTP-Method-Override is not supported");
        assertThat(done).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.0.0.1:8080", "10.1.2.3:80", "[::1]:8080", "[::1]", "localhost:8080",
                    "LOCALHOST", "files.example", "Files.Example:8080", "waybill.example:8080"})
    void shouldAnswerToAddressesAndItsOwnNames(String host) throws Exception {
        assertThat(raw("GET /v1/hello HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "1.2.3.4.5",
                    "256.1.1.1",
                    "2130706433", "files.example.evil", "evil.example:127"})
    void shouldRefuseTheNameOfAnotherSite(String host) throws Exception {
        assertThat(raw("GET /v1/hello HTTP/1.1", "Host: " + host))
                .startsWith("HTTP/1.1 403 ")
                .contains("none of this server's names", "http.hosts");
    }

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1:8080, http://127.0.0.1:8080, 200",
            "127.0.0.1:8080, https://files.example, 200",
            "127.0.0.1:8080, http://evil.example, 403",
            "127.0.0.1:8080, http://127.0.0.1:9000, 403",
            "127.0.0.1:8080, http://localhost:8080, 403",
            "localhost:8080, http://localhost:9000, 403",
            "127.0.0.1:8080, null, 403"
    })
    void shouldRefuseWhatAPageOfAnotherSiteSends(String host, String origin, int status) throws Exception {
        assertThat(raw("POST /v1/cancel HTTP/1.1", "Host: " + host, "Origin: " + origin, "Content-Length: 0"))
                .startsWith("HTTP/1.1 " + status + " ");
        assertThat(done).hasSize(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz", "/metrics"})
    void shouldTellItsHealthByAnyName(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1", "Host: whatever", "Origin: http://whatever"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource({
            "GET /v1/other HTTP/1.1, 404, there is no /v1/other here",
            "GET /v1/cancel HTTP/1.1, 405, 'does not take GET, only POST'",
            "DELETE /v1/hello HTTP/1.1, 405, does not take DELETE",
            "GET /v1/broken HTTP/1.1, 500, a fault of Waybill",
            "GET /%zz HTTP/1.1, 400, ''",
            "GET /v1/hello?a=%zz HTTP/1.1, 400, write %25",
            "GET /v1/hello?a=b% HTTP/1.1, 400, write %25",
            "GET HTTP/1.1, 505, ''",
    })
    void shouldSayInJsonWhatIsWrong(String request, int status, String why) throws Exception {
        String answer = raw(request, "Host: localhost", "Accept: text/html");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("Content-Type: application/json");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(new ObjectMapper().readTree(body).path("error").asText()).isNotEmpty().contains(why);
    }

    @Test
    void shouldSayHowLargeABodyMayBe() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/v1/cancel").POST(BodyPublishers.ofString(" ".repeat(1_000_001))).build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("the body is larger than 1,000,000 bytes");
        assertThat(done).isEmpty();
    }

    @Test
    void shouldSayWhatIsHere() throws Exception {
        JsonNode here = new ObjectMapper().readTree(get("/").body());

        assertThat(here.path("product").asText()).isEqualTo("Waybill");
        assertThat(here.path("version").asText()).matches("[0-9].*");
        assertThat(here.path("services")).extracting(JsonNode::asText).containsExactly("worker");
        assertThat(here.path("paths")).extracting(JsonNode::asText).contains("/metrics", "/v1/hello");
    }

    @Test
    void shouldAnswerWhileManySendersAreSlowAndThrowThemOut() throws Exception {
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 400; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                send(socket, i % 2 == 0
                        ? "POST /v1/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
                        : "GET /v1/hello HTTP/1.1\r\nHost: loc");
            }

            assertThat(client.send(request("/healthz").timeout(Duration.ofSeconds(2)).build(), BodyHandlers.ofString())
                    .statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20)).until(() -> slow.stream().allMatch(HttpEndpointTest::thrownOut));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertThat(get("/v1/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAnswerWhileOthersSendBodiesThatAreMuchTooLarge() throws Exception {
        byte[] large = new byte[10_000_000];
        var slow = new ArrayList<Socket>();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                send(socket, "POST /v1/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n{");
            }
            var answers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 20; i++) {
                BodyPublisher body = i % 2 == 0
                        ? BodyPublishers.ofByteArray(large)
                        : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large));
                answers.add(senders.submit(() -> answered(request("/v1/cancel").POST(body).build())));
            }
            do {
                assertThat(answered(request("/healthz").timeout(Duration.ofSeconds(5)).build())).isEqualTo(200);
            } while (!answers.stream().allMatch(Future::isDone));
            // A sender that is refused before it has sent all may find the connection closed instead of an answer.
            assertThat(answers).extracting(Future::get).containsOnly(413, BROKEN_OFF).contains(413);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertThat(done).isEmpty();
    }

    @Test
    void shouldAnswerWhatIsInFlightAndNothingElseBeforeItStops() throws Exception {
        var slow = client.sendAsync(request("/v1/slow").build(), BodyHandlers.ofString());
        begun.await();
        assertThat(endpoint.finish(Duration.ofMillis(1))).isFalse();

        HttpResponse<String> further = get("/v1/hello");
        assertThat(further.statusCode()).isEqualTo(503);
        assertThat(further.headers().firstValue("Retry-After")).contains("1");
        assertThat(further.body()).contains("this process is stopping");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").statusCode()).isEqualTo(200);

        answer.countDown();
        assertThat(endpoint.finish(Duration.ofSeconds(20))).isTrue();
        assertThat(slow.get().body()).isEqualTo("whole");
    }

    private int answered(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return BROKEN_OFF;
        }
    }

    /** Gives one more byte, so that the sender is slow and not idle. */
    private static boolean thrownOut(Socket socket) {
        try {
            send(socket, "x");
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Lines as they are, because a well-behaved client sends none of these. */
    private String raw(String... lines) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(socket, String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpEndpoint endpoint(int onPort, List<HttpRoutes> routes) {
        var settings = new HttpSettings(
                "127.0.0.1", onPort, Optional.of("waybill.example:8080"), List.of("files.example"));
        return new HttpEndpoint(settings, () -> health, meters, routes, ProcessClock.system(), 2);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }
}
