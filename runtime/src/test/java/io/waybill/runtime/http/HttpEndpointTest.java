package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.service.Health;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpEndpointTest {
    private final Map<String, Health> health = new ConcurrentHashMap<>(Map.of("worker", Health.UP));
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpEndpoint endpoint =
            endpoint(0, List.of(routes -> routes.get("/v1/hello", http -> http.result("hi"))));
    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void start() {
        port = endpoint.start();
    }

    @AfterEach
    void stop() {
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
    void shouldSayWhichPortIsTaken() {
        try (var second = endpoint(port, List.of())) {
            assertThatExceptionOfType(BadConfigurationException.class)
                    .isThrownBy(second::start)
                    .withMessage("http.port: 127.0.0.1:" + port + " is taken by another program");
        }
    }

    private HttpEndpoint endpoint(int onPort, List<HttpRoutes> routes) {
        return new HttpEndpoint(new HttpSettings("127.0.0.1", onPort), () -> health, meters, routes);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
