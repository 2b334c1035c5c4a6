package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.CaughtWarnings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People who log in at an issuer, in a browser that runs no script. */
final class LoginAtIssuerTest {
    @RegisterExtension
    final CaughtWarnings log = CaughtWarnings.namedWithInfo("io.waybill.runtime.http.LoginPages");

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
    }

    private HttpResponse<String> open(URI address, String cookie) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address);
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static URI where(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isIn(302, 303);
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
    }

    private static String cookie(HttpResponse<String> answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(set -> set.startsWith(name + "="))
                .map(set -> set.substring(0, set.indexOf(';')))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldLetAPersonInWhomTheIssuerLetsIn() throws Exception {
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(People.issuer(issuer.address()))) {
            String seen = api.arrive("drop", "a").value();
            String hidden = api.arrive("invoices", "invoices/a").value();
            issuer.letsIn("drop-desk");

            HttpResponse<String> leave = open(api.base().resolve("/login/oidc?to=%2Fv1%2Ffiles%2F" + seen), "");
            URI back = where(open(where(leave), ""));
            assertThat(back.toString()).startsWith(api.base() + "/login/callback?");
            assertThat(open(back, "").statusCode()).as("in another browser").isEqualTo(403);

            HttpResponse<String> in = open(back, cookie(leave, "waybill-oidc"));
            assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
            assertThat(in.body()).contains("content=\"0; url=/v1/files/" + seen + "\"");
            assertThat(in.headers().allValues("Set-Cookie")).as("the answer is good once in this browser")
                    .anyMatch(set -> set.startsWith("waybill-oidc=;") && set.endsWith("Max-Age=0"));
            assertThat(log.lines())
                    .containsExactly("A person logged in principal=ann role=operator address=127.0.0.1");
            String session = cookie(in, "waybill");
            assertThat(open(api.base().resolve("/login"), session).body())
                    .contains("<strong>ann</strong> (operator)");

            api.with(Map.of("Cookie", session));
            assertThat(api.get("/v1/files/" + seen).status()).isEqualTo(200);
            assertThat(api.get("/v1/files/" + hidden).status()).isEqualTo(404);
        }
    }

    /** A page of another site can make a browser open any address, and knows no state. */
    @Test
    void shouldNeitherLockOutNorInterruptWhomAnotherSiteSendsHere() throws Exception {
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(People.issuer(issuer.address()))) {
            issuer.letsIn("admins");
            HttpResponse<String> leave = open(api.base().resolve("/login/oidc"), "");
            URI back = where(open(where(leave), ""));
            for (int i = 0; i < 30; i++) {
                URI made = api.base().resolve("/login/callback?code=a&state=" + i);
                HttpResponse<String> refused = open(made, cookie(leave, "waybill-oidc"));
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(refused.headers().allValues("Set-Cookie")).as("the login goes on").isEmpty();
            }
            assertThat(open(back, cookie(leave, "waybill-oidc")).statusCode()).isEqualTo(200);
        }
    }

    /** Of every route of the server; a page that is added and forgets its permission appears here. */
    @Test
    void shouldOpenNothingButTheLoginToThoseWithoutOne() throws Exception {
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(People.issuer(issuer.address()))) {
            List<String> open = new ArrayList<>();
            for (String route : api.routes()) {
                String[] parts = route.split(" ");
                var request = HttpRequest.newBuilder(api.base().resolve(parts[1].replaceAll("[{}]", "")))
                        .method(parts[0], BodyPublishers.noBody());
                if (client.send(request.build(), BodyHandlers.ofString()).statusCode() != 401) {
                    open.add(route);
                }
            }
            assertThat(open).containsExactlyInAnyOrder(
                    "GET /healthz", "GET /readyz", "GET /login", "POST /login", "GET /login/oidc",
                    "GET /login/callback");
        }
    }

    @Test
    void shouldLetNobodyInWithoutARole() throws Exception {
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(People.issuer(issuer.address()))) {
            issuer.letsIn("guests");
            HttpResponse<String> leave = open(api.base().resolve("/login/oidc"), "");
            HttpResponse<String> in = open(where(open(where(leave), "")), cookie(leave, "waybill-oidc"));
            assertThat(in.statusCode()).isEqualTo(403);
            assertThat(in.body()).contains("has no role here");
            assertThat(in.headers().allValues("Set-Cookie")).noneMatch(set -> set.startsWith("waybill="));
        }
    }
}
