package io.waybill.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people try who have no login, and pages of other sites. */
final class LoginAttacksTest extends PagesUnderTest {
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
        assertThat(
                send(to("/v1/change").header("Authorization", "Bearer " + GOOD).POST(BodyPublishers.noBody())).body())
                .isEqualTo("1");
        logIn(GOOD, "/");
        assertThat(send(to("/v1/me").header("Authorization", "Bearer guessed")).statusCode())
                .as("the header counts, not the cookie")
                .isEqualTo(401);
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

    /** Whoever gives somebody else a cookie beforehand does not know the one that a login makes. */
    @Test
    void shouldMakeANewSessionForEachLogin() throws Exception {
        logIn(GOOD, "/");
        String first = cookies.get("waybill");
        String csrf = csrf(open("/login"));
        cookies.remove("waybill");
        assertThat(where(logIn(GOOD, "/"))).isEqualTo("/");
        assertThat(cookies.get("waybill")).isNotEqualTo(first);
        assertThat(send(form("/v1/change", Map.of("csrf", csrf))).statusCode()).as("of the former session")
                .isEqualTo(403);
        assertThat(send(form("/v1/change", Map.of("csrf", csrf(open("/login"))))).body()).isEqualTo("1");
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

    /** Anybody can send any cookie, and must not fill the log. */
    @Test
    void shouldTakeStrangeCookiesForNone() throws Exception {
        for (String strange : List.of(
                "waybill=\"v1.a", "waybill=a b", "waybill", "=", ";;;", "waybill=", "waybill=a; waybill=b",
                "waybill=v1." + "A".repeat(5_000),
                "$Version=1; waybill=\"a\\\"b\"; $Path=/", "waybill={\"began\":0}")) {
            HttpResponse<String> answer = client.send(
                    to("/v1/me").header("Cookie", strange).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(strange + answer.body()).isIn(400, 401);
        }
        HttpResponse<String> large = client.send(
                to("/v1/me").header("Cookie", "waybill=" + "A".repeat(20_000)).build(), BodyHandlers.ofString());
        assertThat(large.statusCode()).isEqualTo(431);
    }
}
