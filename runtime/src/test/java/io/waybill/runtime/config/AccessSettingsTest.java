package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.ENVIRONMENT;
import static io.waybill.runtime.config.ConfigFixture.problems;
import static io.waybill.runtime.config.ConfigFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.config.AccessSettings.Token;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use the HTTP endpoint, as the section {@code http} says. */
final class AccessSettingsTest {
    private static final String ROUTES = CLUSTER + ACME + "routes:\n  invoices: { source: { bucket: b } }\n";
    private static final String HASH = TokenHash.of("a-token-of-somebody").text();
    private static final Map<String, String> VARIABLES =
            Map.of("ACME", "hunter2", "LONG", "a-secret-that-is-long-enough-for-all", "SHORT", "short");

    @TempDir
    Path directory;

    @Test
    void shouldAskNobodyForALoginWhereNothingIsSaid() {
        AccessSettings access = read(ROUTES).http().access();
        assertThat(access).isEqualTo(AccessSettings.UNSAID);
        assertThat(access.login()).isFalse();
    }

    @Test
    void shouldReadTokensWithWhatTheirHoldersMay() throws IOException {
        Path secret = Files.createFile(
                directory.resolve("ops"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, "wbt_0123456789012345678901234567890123456789012\n");
        AccessSettings access = read(
                ROUTES
                        + """
                                http:
                                  auth: tokens
                                  metrics: token
                                  peerSecret: env:LONG
                                  tokens:
                                    dashboard: { hash: "%s", role: viewer, routes: invoices }
                                    ops: { secret: "file:%s", role: operator, routes: [invoices], destinations: [acme] }
                                """
                                .formatted(HASH, secret),
                Map.of(),
                VARIABLES)
                .http()
                .access();
        assertThat(access.auth()).contains(Auth.TOKENS);
        assertThat(access.login()).isTrue();
        assertThat(access.metrics()).isEqualTo(MetricsAccess.TOKEN);
        assertThat(access.peerSecret()).contains(Secret.of("a-secret-that-is-long-enough-for-all"));
        Optional<Set<RouteName>> invoices = Optional.of(Set.of(new RouteName("invoices")));
        assertThat(access.tokens()).containsExactly(
                new Token(
                        TokenHash.parse(HASH),
                        new Principal("dashboard", Role.VIEWER, new Scope(invoices, Optional.empty()))),
                new Token(
                        TokenHash.of("wbt_0123456789012345678901234567890123456789012"),
                        new Principal(
                                "ops",
                                Role.OPERATOR,
                                new Scope(invoices, Optional.of(Set.of(new DestinationName("acme")))))));
        assertThat(access.toString()).doesNotContain("wbt_", HASH, "long-enough");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                    "{ auth: tokens }                       | http.tokens: is missing",
                    "{ auth: tokens, tokens: {} }           | http.tokens: is missing",
                    "{ auth: token }                        | did you mean 'tokens'?",
                    "{ tokens: { a: { hash: HASH, role: viewer } } } | http.tokens: has no effect without a login",
                    "{ auth: none, metrics: token }         | nobody can log in to read them",
                    "{ metrics: closed }                    | expected one of [open, token]",
                    "{ auth: tokens, tokens: { a: { role: viewer } } } | http.tokens.a.hash: is missing: give a hash or a secret",
                    "{ auth: tokens, tokens: { a: { hash: HASH, secret: env:LONG, role: viewer } } } | is there beside the secret",
                    "{ auth: tokens, tokens: { a: { hash: wbt_secret, role: viewer } } } | the text found is not shown",
                    "{ auth: tokens, tokens: { a: { secret: wbt_secret, role: viewer } } } | never in plain text",
                    "{ auth: tokens, tokens: { a: { secret: env:SHORT, role: viewer } } } | expected at least 20 characters",
                    "{ auth: tokens, tokens: { a: { hash: HASH } } } | http.tokens.a.role: is missing",
                    "{ auth: tokens, tokens: { a: { hash: HASH, role: root } } } | expected one of [viewer, importer, operator, admin]",
                    "{ auth: tokens, tokens: { a: { hash: HASH, role: viewer, routes: [invoice] } } } | there is no 'invoice' in the configuration; did you mean 'invoices'?",
                    "{ auth: tokens, tokens: { a: { hash: HASH, role: viewer, routes: [] } } } | expected at least one name",
                    "{ auth: tokens, tokens: { a: { hash: HASH, role: viewer, destinations: [x] } } } | there is no 'x'",
                    "{ auth: tokens, tokens: { a: { hash: HASH, role: viewer, route: x } } } | http.tokens.a.route: is not a known key; did you mean 'routes'?",
                    "{ auth: tokens, tokens: { a/b: { hash: HASH, role: viewer } } } | expected a name of 1 to 63 letters",
                    "{ auth: tokens, tokens: { a: { hash: HASH, role: viewer }, b: { hash: HASH, role: admin } } } | http.tokens.b.hash: is the token of 'a', too",
                    "{ auth: oidc } | http.oidc: is missing beside auth 'oidc'",
                    "{ auth: none, oidc: OIDC } | http.oidc: has no effect without auth: oidc",
                    "{ auth: oidc, oidc: { audience: w, roles: { a: { role: viewer } } } } | http.oidc.issuer: is missing",
                    "{ auth: oidc, oidc: { issuer: https://i.example, roles: { a: { role: viewer } } } } | http.oidc.audience: is missing",
                    "{ auth: oidc, oidc: { issuer: http://i.example, audience: w, roles: { a: { role: viewer } } } } | expected an https address",
                    "{ auth: oidc, oidc: { issuer: https://i.example, audience: w } } | http.oidc.roles: is missing",
                    "{ auth: oidc, oidc: { issuer: https://i.example, audience: w, roles: { a: { value: b } } } } | http.oidc.roles.a.role: is missing",
                    "{ auth: oidc, oidc: { issuer: https://i.example, audience: w, algorithms: HS256, roles: { a: { role: viewer } } } } | which have a public key, was 'HS256'",
                    "{ auth: oidc, oidc: { issuer: https://i.example, audience: w, algorithms: [RS256, none], roles: { a: { role: viewer } } } } | was 'none'",
                    "{ auth: tokens, tokens: TOKENS, cookieSecrets: env:SHORT } | http.cookieSecrets: expected at least 32 characters",
                    "{ auth: tokens, tokens: TOKENS, cookieSecrets: [env:LONG, env:NONE] } | http.cookieSecrets: the secret's environment variable is not set: NONE",
                    "{ auth: tokens, tokens: TOKENS, cookieSecrets: [env:LONG, env:LONG, env:LONG] } | expected one secret, or two while the first one replaces the second, found 3",
                    "{ auth: tokens, tokens: TOKENS, cookieSecrets: wbt_secret } | http.cookieSecrets: a secret is given as file:PATH or env:NAME",
                    "{ cookieSecrets: env:LONG }            | http.cookieSecrets: has no effect without a login",
                    "{ sessionAge: 1h }                     | http.sessionAge: has no effect without cookieSecrets",
                    "{ auth: tokens, tokens: TOKENS, cookieSecrets: env:LONG, sessionAge: 2d } | http.sessionAge: expected one day at most, was 2d",
                    "{ auth: oidc, oidc: { issuer: https://i.example, audience: w, clientId: w, roles: { a: { role: viewer } } } } | http.oidc: has a clientId, and without cookieSecrets there is no login page",
                    "{ auth: oidc, cookieSecrets: env:LONG, oidc: { issuer: https://i.example, audience: w, roles: { a: { role: viewer } } } } | http.cookieSecrets: nobody could log in on the page; add clientId to oidc",
                    "{ auth: oidc, oidc: { issuer: https://i.example, audience: w, clientSecret: env:LONG, roles: { a: { role: viewer } } } } | http.oidc.clientSecret: has no effect without clientId",
                    "{ peerSecret: env:SHORT }              | http.peerSecret: expected at least 32 characters"
            })
    void shouldSayWhatIsWrongWithALogin(String http, String fault) {
        String yaml = ROUTES + "http: " + http.replace("TOKENS", "{ a: { hash: HASH, role: viewer } }")
                .replace("HASH", '"' + HASH + '"')
                .replace("OIDC", "{ issuer: https://i.example, audience: w, roles: { a: { role: viewer } } }") + "\n";
        assertThat(problems(yaml, new Overrides(Map.of(), VARIABLES)))
                .singleElement()
                .asString()
                .startsWith("waybill.yaml:")
                .contains(fault)
                .doesNotContain("wbt_secret");
    }

    @Test
    void shouldReadAnIssuerAndWhatItsPeopleMay() {
        AccessSettings access = read(ROUTES + """
                http:
                  auth: oidc
                  oidc:
                    issuer: https://login.example/realms/main
                    audience: waybill
                    algorithms: [ES256]
                    rolesClaim: realm_access.roles
                    nameClaim: preferred_username
                    roles:
                      admins: { value: waybill-admins, role: admin }
                      desk: { role: viewer, routes: [invoices] }
                """).http().access();
        assertThat(access.login()).isTrue();
        assertThat(access.oidc()).contains(new Oidc(
                URI.create("https://login.example/realms/main"),
                "waybill",
                Set.of("ES256"),
                "realm_access.roles",
                "preferred_username",
                List.of(
                        new RoleMapping("waybill-admins", Role.ADMIN, Scope.ALL),
                        new RoleMapping(
                                "desk",
                                Role.VIEWER,
                                new Scope(Optional.of(Set.of(new RouteName("invoices"))), Optional.empty())))));
    }

    @Test
    void shouldReadHowPeopleLogIn() {
        AccessSettings access = read(ROUTES + """
                http:
                  auth: oidc
                  cookieSecrets: [env:LONG, env:LONG]
                  sessionAge: 90m
                  oidc:
                    issuer: https://login.example/realms/main
                    audience: waybill
                    clientId: waybill-pages
                    clientSecret: env:LONG
                    roles:
                      admins: { role: admin }
                """, Map.of(), VARIABLES).http().access();
        Secret secret = Secret.of(VARIABLES.get("LONG"));
        assertThat(access.cookies()).contains(new CookieSettings(List.of(secret, secret), Duration.ofMinutes(90)));
        assertThat(access.oidc().orElseThrow().client()).contains(new OidcClient("waybill-pages", Optional.of(secret)));
        assertThat(access.toString()).doesNotContain(secret.reveal());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "127.1.2.3, true", "localhost, true", "::1, true", "[::1], true", "0.0.0.0, false",
            "::, false", "10.0.0.1, false", "files.example, false", "127.0.0.1.evil.example, false"})
    void shouldKnowWhetherOthersReachIt(String host, boolean loopback) {
        assertThat(new WaybillConfig.HttpSettings(host, 0).loopback()).isEqualTo(loopback);
    }

    @Test
    void shouldWarnOfAnApiThatOthersReachWithoutALogin() {
        assertThat(read(ROUTES + "http: { host: 0.0.0.0, auth: none }\n").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.always()).isTrue())
                .satisfies(warning -> assertThat(warning.text()).contains("everybody may read and change"));
        assertThat(read(ROUTES + "http: { host: 0.0.0.0 }\n").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.text()).contains("does not start", "auth: tokens"));
        assertThat(read(ROUTES + "http: { auth: none }\n").warnings()).isEmpty();
    }

    /** Services read the same file, and need not be able to read what commands log in with. */
    @Test
    void shouldFollowTheTokenOfCommandsOnlyWhenOneIsGiven() {
        assertThat(read(ROUTES + "token: file:/nowhere/token\n").token()).contains("file:/nowhere/token");
        assertThat(problems(ROUTES + "token: wbt_secret\n", ENVIRONMENT))
                .singleElement()
                .asString()
                .contains("token: a secret is given as file:PATH")
                .doesNotContain("wbt_secret");
        var variables = new HashMap<>(VARIABLES);
        variables.put("WAYBILL_TOKEN", "wbt_secret");
        assertThat(read(ROUTES, Map.of(), variables).token()).contains("wbt_secret");
        assertThat(read(ROUTES, Map.of(), variables).toString()).doesNotContain("wbt_secret");
    }
}
