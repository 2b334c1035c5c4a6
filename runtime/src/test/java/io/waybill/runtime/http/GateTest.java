package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who fails to log in, over HTTP. */
final class GateTest {
    private static final String GOOD = "a-token-that-is-good";

    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpEndpoint endpoint = new HttpEndpoint(
            new HttpSettings("127.0.0.1", 0, Optional.empty(), List.of(), new AccessSettings(
                    Optional.of(Auth.TOKENS),
                    List.of(new Token(TokenHash.of(GOOD), new Principal("ann", Role.VIEWER, Scope.ALL))),
                    Optional.empty(),
                    MetricsAccess.TOKEN)),
            Map::of,
            meters,
            List.of(routes -> routes.get(
                    "/v1/me", http -> http.result(Gate.principal(http).name()), Permission.READ)),
            ProcessClock.of(wall::get, () -> passed.get().toNanos()));
    private final HttpClient client = HttpClient.newHttpClient();
    private URI base;

    @BeforeEach
    void start() {
        base = URI.create("http://127.0.0.1:" + endpoint.start());
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    private HttpResponse<String> send(String method, String path, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void shouldSlowDownWhoTriesTokens() throws Exception {
        assertThat(send("GET", "/v1/me", GOOD).body()).isEqualTo("ann");
        for (int i = 0; i < 20; i++) {
            assertThat(send("GET", "/v1/me", "guessed-" + i).statusCode()).isEqualTo(401);
        }
        HttpResponse<String> slowed = send("GET", "/v1/me", "guessed");
        assertThat(slowed.statusCode()).isEqualTo(429);
        assertThat(slowed.headers().firstValue("Retry-After")).contains("4");
        assertThat(slowed.body()).contains("try again in 4 s");
        assertThat(send("GET", "/v1/me", GOOD).statusCode()).as("it was good a moment ago").isEqualTo(200);
        assertThat(send("GET", "/healthz", "guessed").statusCode()).as("health needs no login").isEqualTo(200);
        assertThat(send("GET", "/v1/me", "").statusCode()).as("no login is no try").isEqualTo(401);

        wall.updateAndGet(now -> now.plusSeconds(3_600));
        assertThat(send("GET", "/v1/me", "guessed").statusCode()).as("a clock that is set frees nobody").isEqualTo(429);
        passed.updateAndGet(time -> time.plusSeconds(3));
        assertThat(send("GET", "/v1/me", "guessed").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/metrics", GOOD).body())
                .contains("waybill_http_refused_total{reason=\"bad_login\"} 21.0",
                        "waybill_http_refused_total{reason=\"throttled\"} 2.0",
                        "waybill_http_refused_total{reason=\"no_login\"} 1.0")
                .doesNotContain(GOOD, "guessed");
    }

    /** Javalin answers it for a route that takes GET. */
    @Test
    void shouldTellNothingToARequestForHeadersAlone() throws Exception {
        for (String path : List.of("/v1/me", "/healthz")) {
            HttpResponse<String> head = send("HEAD", path, "");
            assertThat(head.statusCode()).as("balancers ask like this").isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void shouldRefuseByWhateverSpellingOfTheAddress() throws Exception {
        for (String path : List.of("/v1/me", "/v1/me/", "/V1/ME", "/v1//me", "/v1/%6de", "/v1/x/../me")) {
            assertThat(send("GET", path, "").statusCode()).as(path).isIn(400, 401, 404);
        }
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")) {
            assertThat(send(method, "/v1/me", "").statusCode()).as(method).isIn(401, 404, 405, 501);
        }
    }
}
