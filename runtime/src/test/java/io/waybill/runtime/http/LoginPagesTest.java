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
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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
import org.junit.jupiter.api.Test;

/** A person with a browser that runs no script. */
final class LoginPagesTest {
    private static final String GOOD = "a-token-that-is-good";
    private static final Pattern FIELD = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger changes = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> cookies = new HashMap<>();
    private HttpEndpoint endpoint;
    private URI base;

    private void listen(Optional<CookieSettings> pages, String... hosts) {
        endpoint = instance(pages, hosts);
        base = URI.create("http://127.0.0.1:" + endpoint.start());
    }

    private HttpEndpoint instance(Optional<CookieSettings> pages, String... hosts) {
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
                    routes.post("/v1/change", http -> http.result(String.valueOf(changes.incrementAndGet())), Permission.OPERATE);
                }),
                ProcessClock.of(wall::get, () -> 0));
    }

    private static Optional<CookieSettings> pages() {
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

    private void restart(Optional<CookieSettings> pages, String... hosts) {
        endpoint.close();
        listen(pages, hosts);
    }

    /** Keeps cookies as a browser does, whatever their attributes are. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
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

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    private HttpResponse<String> open(String path) throws IOException, InterruptedException {
        return send(to(path).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
    }

    private HttpRequest.Builder form(String path, Map<String, String> fields) {
        return to(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", base.toString())
                .POST(BodyPublishers.ofString(fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
    }

    private static String csrf(HttpResponse<String> page) {
        Matcher field = FIELD.matcher(page.body());
        assertThat(field.find()).as(page.body()).isTrue();
        return field.group(1);
    }

    private static String where(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private HttpResponse<String> logIn(String token, String to) throws IOException, InterruptedException {
        String csrf = csrf(open("/login"));
        return send(form("/login", Map.of("token", token, "to", to, "csrf", csrf)));
    }

    @Test
    void shouldLetAPersonInAndOutAgain() throws Exception {
        assertThat(where(open("/v1/me?a=b&c"))).isEqualTo("/login?to=%2Fv1%2Fme%3Fa%3Db%26c");
        HttpResponse<String> page = open("/login?to=%2Fv1%2Fme%3Fa%3Db%26c");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("name=\"to\" value=\"/v1/me?a=b&amp;c\"", "type=\"password\"")
                .doesNotContain("<script", "onclick", "/login/oidc");

        HttpResponse<String> in = send(form(
                "/login", Map.of("token", " " + GOOD + " ", "to", "/v1/me?a=b&c", "csrf", csrf(page))));
        assertThat(where(in)).isEqualTo("/v1/me?a=b&c");
        assertThat(in.headers().allValues("Set-Cookie")).singleElement().asString()
                .startsWith("waybill=v1.")
                .endsWith("; Path=/; HttpOnly; SameSite=Strict; Max-Age=28800");
        HttpResponse<String> me = open("/v1/me");
        assertThat(me.body()).isEqualTo("ann");
        assertThat(me.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(me.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(me.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
        assertThat(me.headers().firstValue("Content-Security-Policy"))
                .contains("default-src 'none'; frame-ancestors 'none'");

        HttpResponse<String> who = open("/login");
        assertThat(who.body()).contains("<strong>ann</strong> (operator)");
        assertThat(where(send(form("/logout", Map.of("csrf", csrf(who)))))).isEqualTo("/login");
        assertThat(cookies).doesNotContainKey("waybill");
        assertThat(where(open("/v1/me"))).startsWith("/login?to=");
    }

    @Test
    void shouldChangeNothingForACookieAlone() throws Exception {
        logIn(GOOD, "/");
        String csrf = csrf(open("/login"));

        HttpResponse<String> refused = send(to("/v1/change").POST(BodyPublishers.noBody()));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("needs the token of its session");
        assertThat(send(form("/v1/change", Map.of("csrf", csrf + "x"))).statusCode()).isEqualTo(403);
        assertThat(send(form("/v1/change", Map.of())).statusCode()).isEqualTo(403);
        assertThat(send(form("/logout", Map.of())).statusCode()).isEqualTo(403);
        assertThat(send(to("/v1/change").header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("csrf=" + csrf))).statusCode()).as("no form").isEqualTo(403);
        assertThat(changes).hasValue(0);

        assertThat(send(form("/v1/change", Map.of("csrf", csrf))).body()).isEqualTo("1");
        assertThat(send(to("/v1/change").header("Waybill-Csrf", csrf).POST(BodyPublishers.noBody())).body())
                .isEqualTo("2");
        assertThat(send(to("/v1/change").header("Waybill-Csrf", csrf).header("Origin", "https://evil.example")
                .POST(BodyPublishers.noBody())).statusCode()).as("another site").isEqualTo(403);
        assertThat(meters.scrape()).contains("waybill_http_refused_total{reason=\"forged\"} 5.0");
    }

    /** A program that sends a header means what it sends. */
    @Test
    void shouldAskNoProgramForATokenOfAForm() throws Exception {
        assertThat(send(to("/v1/change").header("Authorization", "Bearer " + GOOD).POST(BodyPublishers.noBody())).body())
                .isEqualTo("1");
        logIn(GOOD, "/");
        assertThat(send(to("/v1/me").header("Authorization", "Bearer guessed")).statusCode())
                .as("the header counts, not the cookie")
                .isEqualTo(401);
    }

    @Test
    void shouldAnswerProgramsAsBefore() throws Exception {
        HttpResponse<String> answer = send(to("/v1/me").header("Accept", "*/*"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("Authorization: Bearer TOKEN");
    }

    @Test
    void shouldTakeNoFormThatItDidNotMake() throws Exception {
        HttpResponse<String> without = send(form("/login", Map.of("token", GOOD, "to", "/")));
        assertThat(without.statusCode()).isEqualTo(403);
        assertThat(without.body()).contains("Try again");
        assertThat(cookies).doesNotContainKey("waybill");
        assertThat(send(form("/login", Map.of("token", GOOD, "csrf", "x".repeat(43)))).statusCode()).isEqualTo(403);
        assertThat(send(form("/login", Map.of("token", GOOD, "csrf", csrf(open("/login"))))
                .setHeader("Origin", "https://evil.example")).statusCode()).isEqualTo(403);
        assertThat(cookies).doesNotContainKey("waybill");
        assertThat(where(logIn(GOOD, "/"))).isEqualTo("/");
    }

    @Test
    void shouldSayWhyALoginFailsAndSlowDownWhoTriesTokens() throws Exception {
        HttpResponse<String> failed = logIn("guessed", "/v1/me");
        assertThat(failed.statusCode()).isEqualTo(401);
        assertThat(failed.body()).contains("the token is not known here", "value=\"/v1/me\"").doesNotContain("guessed");
        assertThat(logIn("  ", "/").statusCode()).isEqualTo(400);
        for (int i = 1; i < 20; i++) {
            assertThat(logIn("guessed-" + i, "/").statusCode()).isEqualTo(401);
        }
        HttpResponse<String> slowed = logIn("guessed", "/");
        assertThat(slowed.statusCode()).isEqualTo(429);
        assertThat(slowed.headers().firstValue("Retry-After")).contains("4");
        assertThat(send(to("/v1/me").header("Authorization", "Bearer guessed")).statusCode())
                .as("page and API count together")
                .isEqualTo(429);
    }

    @Test
    void shouldLeadNowhereElse() throws Exception {
        assertThat(where(logIn(GOOD, "//evil.example"))).isEqualTo("/");
        assertThat(where(open("/login?to=https://evil.example"))).isEqualTo("/");
        cookies.remove("waybill");
        assertThat(open("/login?to=%22%3E%3Cscript%3E").body()).contains("name=\"to\" value=\"/\"");
    }

    @Test
    void shouldEndASessionInTimeAndAskForALoginAgain() throws Exception {
        logIn(GOOD, "/");
        wall.updateAndGet(time -> time.plus(Duration.ofHours(8)));
        HttpResponse<String> ended = send(to("/v1/me").header("Accept", "application/json"));
        assertThat(ended.statusCode()).isEqualTo(401);
        assertThat(ended.body()).contains("log in again");
        assertThat(cookies).as("the browser forgets it").doesNotContainKey("waybill");
        cookies.put("waybill", "v1.forged");
        assertThat(where(open("/v1/me"))).startsWith("/login?to=");
    }

    /** The browser keeps a Strict cookie to itself when it comes from elsewhere. */
    @Test
    void shouldKnowAPersonWhoFollowsALinkInAMail() throws Exception {
        logIn(GOOD, "/");
        Map<String, String> kept = Map.copyOf(cookies);
        cookies.clear();
        HttpResponse<String> first = send(to("/login?to=%2Fv1%2Fme").header("Sec-Fetch-Site", "cross-site"));
        assertThat(first.body()).contains("content=\"0; url=/login?to=%2Fv1%2Fme\"").doesNotContain("<form");
        cookies.putAll(kept);
        assertThat(where(send(to("/login?to=%2Fv1%2Fme").header("Sec-Fetch-Site", "same-origin")))).isEqualTo("/v1/me");
    }

    @Test
    void shouldLetPagesDoNothingButSendTheirForms() throws Exception {
        HttpResponse<String> page = open("/login");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'sha256-")
                .contains("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
        assertThat(page.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
        String style = page.body().replaceAll("(?s).*<style>(.*)</style>.*", "$1");
        String digest = Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .as("the browser takes the style")
                .contains("'sha256-" + digest + "'");
    }

    /** Whoever gives somebody else a cookie beforehand does not know the one that a login makes. */
    @Test
    void shouldMakeANewSessionForEachLogin() throws Exception {
        logIn(GOOD, "/");
        String first = cookies.get("waybill");
        String csrf = csrf(open("/login"));
        cookies.remove("waybill");
        assertThat(where(logIn(GOOD, "/"))).isEqualTo("/");
        assertThat(cookies.get("waybill")).isNotEqualTo(first);
        assertThat(send(form("/v1/change", Map.of("csrf", csrf))).statusCode()).as("of the former session").isEqualTo(403);
        assertThat(send(form("/v1/change", Map.of("csrf", csrf(open("/login"))))).body()).isEqualTo("1");
    }

    /** A balancer sends each request to whichever instance it likes. */
    @Test
    void shouldTakeAtOneInstanceWhatAnotherHasMade() throws Exception {
        URI first = base;
        try (HttpEndpoint other = instance(pages())) {
            URI second = URI.create("http://127.0.0.1:" + other.start());
            String csrf = csrf(open("/login"));
            base = second;
            assertThat(where(send(form("/login", Map.of("token", GOOD, "to", "/", "csrf", csrf))))).isEqualTo("/");
            base = first;
            assertThat(open("/v1/me").body()).isEqualTo("ann");
            String ofSession = csrf(open("/login"));
            base = second;
            assertThat(send(form("/v1/change", Map.of("csrf", ofSession))).body()).isEqualTo("1");
        }
    }

    @Test
    void shouldSendNoHeaderThatARequestMadeUp() throws Exception {
        for (String evil : List.of("/a%0d%0aSet-Cookie:x=y", "%0d%0aSet-Cookie:x=y", "/%250d%250aSet-Cookie:x=y")) {
            HttpResponse<String> page = open("/login?to=" + evil);
            HttpResponse<String> in = send(form("/login", Map.of(
                    "token", GOOD, "to", URLDecoder.decode(evil, StandardCharsets.UTF_8), "csrf", csrf(page))));
            assertThat(where(in)).matches("/[ -~]*");
            assertThat(in.headers().allValues("Set-Cookie")).singleElement().asString().startsWith("waybill=v1.");
            cookies.clear();
        }
    }

    @Test
    void shouldSendCookiesOverTlsAloneWhereOthersReachIt() throws Exception {
        restart(pages(), "files.example");
        HttpResponse<String> page = open("/login");
        assertThat(page.headers().allValues("Set-Cookie")).singleElement().asString()
                .startsWith("__Host-waybill-form=")
                .endsWith("; Path=/; HttpOnly; Secure; SameSite=Strict");
        Map<String, String> fields = Map.of("token", GOOD, "csrf", csrf(page));

        HttpResponse<String> plain = send(form("/login", fields));
        assertThat(plain.statusCode()).isEqualTo(403);
        assertThat(plain.body()).contains("This page needs https");
        assertThat(cookies).doesNotContainKey("__Host-waybill");

        HttpResponse<String> in = send(form("/login", fields).setHeader("Origin", "https://files.example"));
        assertThat(in.headers().allValues("Set-Cookie")).singleElement().asString()
                .startsWith("__Host-waybill=v1.")
                .endsWith("; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=28800");
        assertThat(open("/v1/me").body()).isEqualTo("ann");
    }

    @Test
    void shouldHaveNoPagesWithoutASecretForTheirCookies() throws Exception {
        restart(Optional.empty());
        assertThat(open("/login").statusCode()).isEqualTo(404);
        assertThat(open("/v1/me").statusCode()).isEqualTo(401);
    }
}
