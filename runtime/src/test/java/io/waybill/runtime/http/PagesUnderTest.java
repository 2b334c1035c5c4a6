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
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The pages of a running endpoint, and a person with a browser that runs no script. */
abstract class PagesUnderTest {
    static final String GOOD = "a-token-that-is-good";
    private static final Pattern FIELD = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final AtomicInteger changes = new AtomicInteger();
    final HttpClient client = HttpClient.newHttpClient();
    final Map<String, String> cookies = new HashMap<>();
    private HttpEndpoint endpoint;
    URI base;

    void listen(Optional<CookieSettings> pages, String... hosts) {
        endpoint = instance(pages, hosts);
        base = URI.create("http://127.0.0.1:" + endpoint.start());
    }

    HttpEndpoint instance(Optional<CookieSettings> pages, String... hosts) {
        return new HttpEndpoint(
                new HttpSettings("127.0.0.1", 0, Optional.empty(), List.of(hosts), new AccessSettings(
                        Optional.of(Auth.TOKENS),
                        List.of(new Token(TokenHash.of(GOOD), new Principal("ann", Role.OPERATOR, Scope.ALL))),
                        Optional.empty(),
                        Optional.empty(),
                        MetricsAccess.OPEN,
                        pages)),
                Map::of,
                meters,
                List.of(routes -> {
                    routes.get("/v1/me", http -> http.result(Gate.principal(http).name()), Permission.READ);
                    routes.post("/v1/change", http -> http.result(String.valueOf(changes.incrementAndGet())),
                            Permission.OPERATE);
                }),
                ProcessClock.of(wall::get, () -> 0));
    }

    static Optional<CookieSettings> pages() {
        return Optional.of(new CookieSettings(
                List.of(Secret.of("a-secret-that-all-the-instances-share")), Duration.ofHours(8)));
    }

    @BeforeEach
    void start() {
        listen(pages());
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    void restart(Optional<CookieSettings> pages, String... hosts) {
        endpoint.close();
        listen(pages, hosts);
    }

    /** Keeps cookies as a browser does, whatever their attributes are. */
    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies.entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        for (String line : answer.headers().allValues("Set-Cookie")) {
            String[] pair = line.substring(0, line.indexOf(';')).split("=", 2);
            if (line.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
        return answer;
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    HttpResponse<String> open(String path) throws IOException, InterruptedException {
        return send(to(path).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
    }

    HttpRequest.Builder form(String path, Map<String, String> fields) {
        return to(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", base.toString())
                .POST(BodyPublishers.ofString(fields.entrySet().stream()
                        .map(field -> field.getKey() + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
    }

    static String csrf(HttpResponse<String> page) {
        Matcher field = FIELD.matcher(page.body());
        assertThat(field.find()).as(page.body()).isTrue();
        return field.group(1);
    }

    static String where(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    HttpResponse<String> logIn(String token, String to) throws IOException, InterruptedException {
        String csrf = csrf(open("/login"));
        return send(form("/login", Map.of("token", token, "to", to, "csrf", csrf)));
    }
}
