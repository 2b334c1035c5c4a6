package io.waybill.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.access.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every route of the server, tried by everybody. A route that is added appears in the table, and so in its review. */
final class WhoMayDoWhatTest {

    @Test
    void shouldLetEverybodyDoWhatTheTableSaysAndNothingElse() throws Exception {
        var callers = new LinkedHashMap<String, String>();
        callers.put("nobody", "");
        callers.put("unknown", "an-unknown-token-0123456789");
        callers.put("viewer", People.token(People.VIEWER));
        callers.put("importer", People.token(People.IMPORTER));
        callers.put("of drop", People.token(People.OF_DROP));
        callers.put("operator", People.token(People.OPERATOR));
        callers.put("admin", People.token(People.ADMIN));

        try (var api = new ApiUnderTest(People.TOKENS)) {
            assertThat(table(api, callers)).isEqualTo(approved("who-may-do-what.txt"));
        }
    }

    @Test
    void shouldLetThoseWithATokenOfTheIssuerDoWhatTheTableSaysAndNothingElse() throws Exception {
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(People.issuer(issuer.address()))) {
            var callers = new LinkedHashMap<String, String>();
            callers.put("viewer", issuer.token("viewers", "waybill"));
            callers.put("of drop", issuer.token("drop-desk", "waybill"));
            callers.put("admin", issuer.token("admins", "waybill"));
            callers.put("no role", issuer.token("guests", "waybill"));
            callers.put("expired", issuer.expired("admins"));
            callers.put("issuer", issuer.ofAnother("admins"));
            callers.put("audience", issuer.token("admins", "payroll"));
            callers.put("none", issuer.unsigned("admins"));
            callers.put("HS256", issuer.signedWithPublicKey("admins"));
            callers.put("key", issuer.signedWithUnknownKey("admins"));
            callers.put("token", People.token(People.ADMIN));

            assertThat(table(api, callers)).isEqualTo(approved("who-may-do-what-by-issuer.txt"));
        }
    }

    /**
     * A proxy brings everybody under one address, and tokens of an issuer are new every few minutes. Nobody can try one out,
     * so those who try tokens must not lock them out.
     */
    @Test
    void shouldKnowWhomTheIssuerNamesWhileOthersTryTokens() throws Exception {
        try (var issuer = new Issuer();
                var api = new ApiUnderTest(People.issuer(issuer.address()))) {
            int guesses = 0;
            while (summary(api, "guessed") != 429) {
                assertThat(guesses++).as("tries that were not slowed down").isLessThan(200);
            }
            assertThat(summary(api, issuer.token("viewers", "waybill"))).isEqualTo(200);
            assertThat(summary(api, issuer.token("guests", "waybill"))).isEqualTo(403);
            for (String bad : List.of(issuer.expired("admins"), issuer.unsigned("admins"),
                    issuer.signedWithUnknownKey("admins"), issuer.token("admins", "payroll"))) {
                // One more may fail every three seconds.
                assertThat(summary(api, bad)).isIn(401, 429);
            }
        }
    }

    /** The document says of 429 once for all that there is such an answer. */
    private static int summary(ApiUnderTest api, String token) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(api.base().resolve("/v1/summary"))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void shouldLetAPersonDoWhatTheirTokenMayAndNothingForACookieAlone() throws Exception {
        try (var api = new ApiUnderTest(People.PAGES)) {
            int files = 0;
            for (Principal principal : People.ALL) {
                String token = People.token(principal);
                Browser browser = Browser.loggedIn(api.base(), token);
                for (String route : api.documented()) {
                    int byToken = api.as(token).ask(route, fresh(api, files++)).status();
                    int byCookie = api.with(browser.headers()).ask(route, fresh(api, files++)).status();
                    int forged = api.with(browser.forged()).ask(route, fresh(api, files++)).status();
                    String what = principal.name() + ": " + route;
                    assertThat(verdict(byCookie)).as(what).isEqualTo(verdict(byToken));
                    assertThat(verdict(forged)).as(what).isEqualTo(route.startsWith("GET ") ? verdict(byToken) : 403);
                }
            }
        }
    }

    /** What becomes of a request that may be made depends on those before it: what is resumed is paused no longer. */
    private static int verdict(int status) {
        return status == 401 || status == 403 || status == 404 ? status : 200;
    }

    /** Of each request its own, since a request may change it. */
    private static String fresh(ApiUnderTest api, int number) {
        return api.arrive("invoices", "invoices/" + number).value();
    }

    private static String table(ApiUnderTest api, Map<String, String> callers) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(
                "# The status of each request. The file is of the route invoices, which the operator of drop does not see.");
        lines.add(line("", List.copyOf(callers.keySet())));
        int files = 0;
        for (String route : api.documented().stream().sorted().toList()) {
            List<String> outcomes = new ArrayList<>();
            // Each from an address of its own, since failed logins slow an address down.
            api.from("127.0.1." + lines.size());
            for (String token : callers.values()) {
                outcomes.add(String.valueOf(api.as(token).ask(route, fresh(api, files++)).status()));
            }
            lines.add(line(route, outcomes));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(String route, List<String> cells) {
        return String.format("%-38s", route)
                + cells.stream().map(cell -> String.format("%-10s", cell)).collect(Collectors.joining())
                        .stripTrailing();
    }

    private static String approved(String name) throws IOException {
        try (InputStream table = WhoMayDoWhatTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(table, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldRefuseBeforeItReadsWhatIsSent() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            String file = "/v1/files/" + api.arrive("invoices", "invoices/a") + "/redrive";

            assertThat(api.raw("POST", file, "{{{", Map.of("Content-Type", "application/json")).status())
                    .isEqualTo(401);
            assertThat(api.written).isEmpty();
        }
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            String redrive = "/v1/files/" + api.arrive("invoices", "invoices/a") + "/redrive";
            String body = "{\"reason\":\"they made room\"}";

            ApiCaller.Answer nobody = api.post(redrive, body);
            assertThat(nobody.error()).contains("Authorization: Bearer TOKEN");
            assertThat(nobody.headers().get("www-authenticate")).containsExactly("Bearer realm=\"waybill\"");

            ApiCaller.Answer unknown = api.as("no-token-that-anybody-has").post(redrive, body);
            assertThat(unknown.error()).isEqualTo("the token is not known here");
            assertThat(unknown.headers().get("www-authenticate"))
                    .containsExactly("Bearer realm=\"waybill\", error=\"invalid_token\"");

            assertThat(api.as(People.token(People.VIEWER)).post(redrive, body).error())
                    .isEqualTo("this needs the role operator or admin; 'vera' has the role viewer");
            assertThat(api.as(People.token(People.OF_DROP)).get("/metrics").error())
                    .isEqualTo(
                            "this needs the role viewer or operator or admin of all routes and destinations; 'dora' has"
                                    + " the role operator");
        }
    }

    @Test
    void shouldTakeNoOtherScheme() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            String token = People.token(People.ADMIN);
            for (String header : List.of("Basic " + token, token, "Bearer", "Bearer " + token + "x",
                    "BearerX " + token)) {
                assertThat(api.raw("GET", "/v1/files", "", Map.of("Authorization", header)).status())
                        .as(header)
                        .isEqualTo(401);
            }
            assertThat(api.raw("GET", "/v1/files", "", Map.of("Authorization", "bearer  " + token + " ")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldTellOfHealthAndNothingElseWithoutALogin() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            List<String> open = new ArrayList<>();
            for (String route : api.routes()) {
                if (api.ask(route, ApiUnderTest.id("invoices", "a").value()).status() != 401) {
                    open.add(route);
                }
            }
            assertThat(open).containsExactlyInAnyOrder("GET /healthz", "GET /readyz");
        }
    }

    /** The name in the file's history is that of the token, whatever the body says. */
    @Test
    void shouldRecordWhoeverLoggedIn() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            Principal otto = People.OPERATOR;
            api.as(People.token(otto));
            String file = "/v1/files/" + api.arrive("invoices", "invoices/a");

            ApiCaller.Answer other = api.post(file + "/cancel", "{\"by\":\"ada\",\"reason\":\"x\"}");
            assertThat(other.status()).isEqualTo(403);
            assertThat(other.error()).isEqualTo("by: you are logged in as 'otto', so leave it out; was 'ada'");
            assertThat(api.written).isEmpty();

            assertThat(api.post(file + "/cancel", "{\"reason\":\"x\"}").status()).isEqualTo(202);
            api.givenUp();
            assertThat(api.post("/v1/redrive", "{\"filter\":{\"route\":\"invoices\",\"failure\":\"FORBIDDEN\"},"
                    + "\"by\":\"otto\",\"reason\":\"x\"}").body().path("accepted").asInt()).isEqualTo(1);
            assertThat(api.post("/v1/destinations/acme/retry", "{\"reason\":\"x\"}").status()).isEqualTo(202);
            assertThat(api.written).hasSize(2).allSatisfy(event -> assertThat(event.toString()).contains("by=otto"));
            assertThat(api.released).singleElement().satisfies(
                    release -> assertThat(release.toString()).contains("otto"));
        }
    }

    @Test
    void shouldTellTheInstancesOfOneImporterApart() throws Exception {
        try (var api = new ApiUnderTest(People.TOKENS)) {
            api.as(People.token(People.IMPORTER));
            String file = "/v1/files/" + api.arrive("drop", "a") + "/import";
            String claim = "{\"action\":\"claim\",\"by\":\"%s\",\"claimId\":\"3@17\"}";

            ApiCaller.Answer won = api.post(file, claim.formatted("one"));
            assertThat(won.body().path("by").asText()).isEqualTo("crm/one");
            // The name that the answer has is good for the next request, too.
            assertThat(api.post(file, claim.formatted("crm/one")).status()).isEqualTo(200);
            assertThat(api.post(file, claim.formatted("two")).status()).isEqualTo(409);

            String completed = "{\"action\":\"completed\",\"by\":\"%s\"}";
            api.as(People.token(People.ADMIN));
            // Nobody can write a name that begins with another principal.
            assertThat(api.post(file, completed.formatted("crm/one")).error()).contains("claimed by 'crm/one'");
            api.as(People.token(People.IMPORTER));
            assertThat(api.post(file, completed.formatted("two")).status()).isEqualTo(409);
            assertThat(api.post(file, completed.formatted("one")).status()).isEqualTo(202);
        }
    }
}
