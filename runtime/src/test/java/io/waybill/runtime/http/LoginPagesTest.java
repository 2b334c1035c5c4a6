package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people see who log in. */
final class LoginPagesTest extends PagesUnderTest {
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
    void shouldAnswerProgramsAsBefore() throws Exception {
        HttpResponse<String> answer = send(to("/v1/me").header("Accept", "*/*"));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("Authorization: Bearer TOKEN");
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
