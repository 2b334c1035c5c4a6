package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.login.CodeLogin.Answer;
import io.waybill.runtime.login.CodeLogin.Done;
import io.waybill.runtime.login.CodeLogin.Start;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People who log in at an issuer and come back. */
final class CodeLoginTest {
    private static final URI REDIRECT = URI.create("https://files.example/login/callback");
    private static final OwnPath FILES = OwnPath.of("/v1/files?route=a");
    private static RSAKey key;

    private final List<Map<String, String>> exchanges = new ArrayList<>();
    private Instant time = Instant.parse("2026-01-01T00:00:00Z");
    private HttpServer server;
    private URI issuer;
    private List<RoleMapping> roles = List.of(new RoleMapping("admins", Role.ADMIN, Scope.ALL));
    private volatile String more = "";
    private volatile int status = 200;
    private volatile String tokenAnswer = "";
    private Sessions sessions;
    private CodeLogin login;

    @BeforeAll
    static void make() throws JOSEException {
        key = new RSAKeyGenerator(2048).keyID("key").generate();
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/realm");
        server.createContext("/realm/.well-known/openid-configuration", exchange -> answer(exchange, 200, """
                {"issuer":"%1$s","jwks_uri":"%1$s/keys","authorization_endpoint":"%1$s/auth?tenant=a",
                 "token_endpoint":"%1$s/token"%2$s}""".formatted(issuer, more)));
        server.createContext("/realm/keys", exchange -> answer(exchange, 200, new JWKSet(key).toString()));
        server.createContext("/realm/token", exchange -> {
            Map<String, String> sent = new HashMap<>(fields(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            sent.put("Authorization", String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchanges.add(sent);
            answer(exchange, status, tokenAnswer);
        });
        server.start();
        use(Optional.empty());
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void use(Optional<Secret> secret) {
        var pages =
                new CookieSettings(List.of(Secret.of("a-secret-that-all-the-instances-share")), Duration.ofHours(8));
        var access = new AccessSettings(
                Optional.of(Auth.OIDC),
                List.of(),
                Optional.of(new Oidc(issuer, "waybill", Set.of("RS256"), "roles", "sub",
                        roles,
                        Optional.of(new OidcClient("wb:pages", secret)))),
                Optional.empty(),
                MetricsAccess.OPEN,
                Optional.of(pages));
        var clock = ProcessClock.of(() -> time, () -> 0);
        var bearer = new BearerLogin(access, clock);
        sessions = new Sessions(pages, bearer, clock);
        login = CodeLogin.of(access, bearer, sessions, clock).orElseThrow();
    }

    private static Map<String, String> fields(String form) {
        var fields = new HashMap<String, String>();
        Arrays.stream(form.split("&")).map(field -> field.split("=", 2)).forEach(
                pair -> fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        return fields;
    }

    private Start begin() throws LoginRefusedException {
        return login.start(REDIRECT, FILES);
    }

    private void issue(Start start, UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer.toString())
                .audience("wb:pages")
                .subject("ann")
                .claim("roles", List.of("staff", "admins"))
                .claim("nonce", fields(start.issuer().getRawQuery()).get("nonce"))
                .expirationTime(Date.from(time.plusSeconds(60)));
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key").build(), change.apply(claims).build());
        token.sign(new RSASSASigner(key));
        tokenAnswer = "{\"access_token\":\"opaque\",\"id_token\":\"" + token.serialize() + "\"}";
    }

    private static Answer back(Start start) {
        return new Answer(start.cookie(), "the-code", fields(start.issuer().getRawQuery()).get("state"), null, null);
    }

    private void assertRefused(Answer answer, Reason reason, String why) {
        LoginRefusedException refused =
                catchThrowableOfType(LoginRefusedException.class, () -> login.finish(answer));
        assertThat(refused).as(why).isNotNull().hasMessageContaining(why);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.getMessage()).doesNotContain("the-code", "id_token", "<script>");
    }

    @Test
    void shouldLetAPersonInWhomTheIssuerNames() throws Exception {
        Start start = begin();
        assertThat(start.issuer().toString()).startsWith(issuer + "/auth?tenant=a&");
        Map<String, String> query = fields(start.issuer().getRawQuery());
        assertThat(query).containsEntry("response_type", "code")
                .containsEntry("client_id", "wb:pages")
                .containsEntry("redirect_uri", REDIRECT.toString())
                .containsEntry("scope", "openid")
                .containsEntry("code_challenge_method", "S256");
        issue(start, claims -> claims);

        Done done = login.finish(back(start));
        assertThat(done.to()).isEqualTo(FILES);
        assertThat(sessions.open(done.session()).principal()).isEqualTo(new Principal("ann", Role.ADMIN, Scope.ALL));
        assertThat(exchanges).singleElement().satisfies(sent -> {
            assertThat(sent).containsEntry("grant_type", "authorization_code")
                    .containsEntry("code", "the-code")
                    .containsEntry("redirect_uri", REDIRECT.toString())
                    .containsEntry("client_id", "wb:pages")
                    .containsEntry("Authorization", "null")
                    .doesNotContainKey("client_secret");
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(sent.get("code_verifier").getBytes(StandardCharsets.US_ASCII));
            assertThat(query).containsEntry(
                    "code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        });
        assertThat(start.cookie()).doesNotContain(query.get("state"), exchanges.getFirst().get("code_verifier"));
    }

    @Test
    void shouldProveItselfWithItsSecretAsTheIssuerWantsIt() throws Exception {
        use(Optional.of(Secret.of("a secret&more")));
        Start start = begin();
        issue(start, claims -> claims);
        login.finish(back(start));
        String basic = Base64.getEncoder()
                .encodeToString("wb%3Apages:a+secret%26more".getBytes(StandardCharsets.UTF_8));
        assertThat(exchanges.getFirst()).containsEntry("Authorization", "Basic " + basic)
                .doesNotContainKey("client_secret");

        more = ",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]";
        use(Optional.of(Secret.of("a secret&more")));
        start = begin();
        issue(start, claims -> claims);
        login.finish(back(start));
        assertThat(exchanges.getLast()).containsEntry("client_secret", "a secret&more")
                .containsEntry("Authorization", "null");
    }

    @Test
    void shouldTakeNoAnswerOfAnotherBrowserOrAnotherLogin() throws Exception {
        Start start = begin();
        Start other = begin();
        issue(start, claims -> claims);
        String state = back(start).state();
        assertRefused(new Answer(null, "the-code", state, null, null), Reason.FORGED, "no login began");
        assertRefused(new Answer("v1.AAAA", "the-code", state, null, null), Reason.FORGED, "no login began");
        assertRefused(new Answer(other.cookie(), "the-code", state, null, null), Reason.FORGED, "another login");
        assertRefused(new Answer(start.cookie(), "the-code", null, null, null), Reason.FORGED, "another login");
        String session = sessions.begin(new Sessions.Person(issuer.toString(), "wb:pages", "ann", List.of("admins")));
        assertRefused(new Answer(session, "the-code", state, null, null), Reason.FORGED, "no login began");
        assertRefused(new Answer(start.cookie(), null, state, null, null), Reason.BAD_LOGIN, "no code");
        time = time.plus(Duration.ofMinutes(11));
        assertRefused(back(start), Reason.FORGED, "another login");
        assertThat(exchanges).as("the issuer was not asked").isEmpty();
    }

    /** Several instances behind one address: any of them may get the answer. */
    @Test
    void shouldTakeTheAnswerOfALoginThatBeganAtAnotherInstance() throws Exception {
        Start start = begin();
        issue(start, claims -> claims);
        use(Optional.empty());
        assertThat(sessions.open(login.finish(back(start)).session()).principal().name()).isEqualTo("ann");
    }

    /** Browsers drop a cookie of more than 4,096 bytes, and the login would begin again without end. */
    @Test
    void shouldMakeNoCookieThatABrowserDrops() throws Exception {
        List<String> groups =
                IntStream.range(0, 100).mapToObj(i -> "CN=" + i + "x".repeat(200) + ",DC=example").toList();
        roles = groups.stream().map(group -> new RoleMapping(group, Role.VIEWER, Scope.ALL)).toList();
        use(Optional.empty());
        Start start = login.start(REDIRECT, OwnPath.of("/" + "a".repeat(2_000)));
        assertThat(start.cookie()).hasSizeLessThan(4_000);
        issue(start, claims -> claims.subject("\u00e4".repeat(100)).claim("roles", groups));
        Done done = login.finish(back(start));
        assertThat(done.session()).hasSizeLessThan(4_000);
        assertThat(sessions.open(done.session()).principal().role()).isEqualTo(Role.VIEWER);

        roles = List.of(new RoleMapping("x".repeat(4_000), Role.VIEWER, Scope.ALL));
        use(Optional.empty());
        issue(start, claims -> claims.claim("roles", List.of("x".repeat(4_000))));
        assertRefused(back(start), Reason.NO_ROLE, "does not fit into a cookie");
    }

    @Test
    void shouldTakeNoAnswerOfAnotherIssuer() throws Exception {
        Start start = begin();
        issue(start, claims -> claims);
        String state = back(start).state();
        assertRefused(new Answer(start.cookie(), "the-code", state, "https://evil.example", null), Reason.BAD_LOGIN,
                "another issuer");
        more = ",\"authorization_response_iss_parameter_supported\":true";
        use(Optional.empty());
        assertRefused(back(start), Reason.BAD_LOGIN, "another issuer");
        assertThat(exchanges).isEmpty();
        assertThat(login.finish(new Answer(start.cookie(), "the-code", state, issuer.toString(), null)).to())
                .isEqualTo(FILES);
    }

    @Test
    void shouldTakeNoTokenThatIsNotForThisLogin() throws Exception {
        Start start = begin();
        issue(start, claims -> claims.claim("nonce", "another"));
        assertRefused(back(start), Reason.BAD_LOGIN, "of another login");
        issue(start, claims -> claims.claim("nonce", null));
        assertRefused(back(start), Reason.BAD_LOGIN, "of another login");
        issue(start, claims -> claims.audience("waybill"));
        assertRefused(back(start), Reason.BAD_LOGIN, "not good");
        issue(start, claims -> claims.issuer("https://evil.example"));
        assertRefused(back(start), Reason.BAD_LOGIN, "not good");
        issue(start, claims -> claims.audience(List.of("wb:pages", "other")));
        assertRefused(back(start), Reason.BAD_LOGIN, "another client");
        issue(start, claims -> claims.claim("azp", "other"));
        assertRefused(back(start), Reason.BAD_LOGIN, "another client");
        issue(start, claims -> claims.expirationTime(Date.from(time.minusSeconds(31))));
        assertRefused(back(start), Reason.BAD_LOGIN, "expired");
        issue(start, claims -> claims.claim("roles", List.of("staff")));
        assertRefused(back(start), Reason.NO_ROLE, "'ann' has no role here");
        tokenAnswer = "{\"access_token\":\"opaque\"}";
        assertRefused(back(start), Reason.BAD_LOGIN, "not known");
    }

    @Test
    void shouldSayWhatTheIssuerSays() throws Exception {
        Start start = begin();
        String state = back(start).state();
        assertRefused(new Answer(start.cookie(), null, state, null, "access_denied"), Reason.BAD_LOGIN,
                "the issuer refused: access_denied");
        assertRefused(new Answer(start.cookie(), null, state, null, "<script>"), Reason.BAD_LOGIN,
                "the issuer refused: it does not say why");
        status = 400;
        tokenAnswer = "{\"error\":\"invalid_grant\"}";
        assertRefused(back(start), Reason.BAD_LOGIN, "the issuer refused the code: invalid_grant");
        status = 502;
        assertRefused(back(start), Reason.ISSUER_DOWN, "cannot be asked: it answers 502");
        status = 200;
        tokenAnswer = "<html>id_token the-code</html>";
        assertRefused(back(start), Reason.ISSUER_DOWN, "its answer is no JSON");
        server.stop(0);
        assertRefused(back(start), Reason.ISSUER_DOWN, "cannot be asked");
    }
}
