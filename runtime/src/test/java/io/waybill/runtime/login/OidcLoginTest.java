package io.waybill.runtime.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer whose keys are at an HTTP server. */
final class OidcLoginTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static RSAKey first;
    private static RSAKey second;

    private final AtomicInteger askedForKeys = new AtomicInteger();
    private Instant time = NOW;
    private Duration passed = Duration.ZERO;
    private volatile boolean broken;
    private volatile boolean keyless;
    private HttpServer server;
    private URI issuer;
    private volatile JWKSet keys = new JWKSet();
    private BearerLogin login;

    @BeforeAll
    static void make() throws JOSEException {
        first = new RSAKeyGenerator(2048).keyID("first").generate();
        second = new RSAKeyGenerator(2048).keyID("second").generate();
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/realm");
        serve("/realm/.well-known/openid-configuration", () -> broken
                ? "{}"
                : "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
        serve("/realm/keys", () -> {
            askedForKeys.incrementAndGet();
            return keyless ? "<html>" : keys.toPublicJWKSet().toString();
        });
        server.start();
        keys = new JWKSet(first);
        login = login("roles");
    }

    private void serve(String path, Supplier<String> json) {
        server.createContext(path, exchange -> {
            byte[] bytes = json.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private BearerLogin login(String rolesClaim) {
        var invoices = new Scope(Optional.of(Set.of(new RouteName("invoices"))), Optional.empty());
        return new BearerLogin(
                new AccessSettings(
                        Optional.of(Auth.OIDC),
                        List.of(new Token(
                                TokenHash.of("wbt_a-token-of-a-program"),
                                new Principal("crm", Role.IMPORTER, Scope.ALL))),
                        Optional.of(new Oidc(issuer, "waybill", Set.of("RS256"), rolesClaim, "sub", List.of(
                                new RoleMapping("waybill-admins", Role.ADMIN, Scope.ALL),
                                new RoleMapping("invoice-desk", Role.OPERATOR, invoices)))),
                        Optional.empty(),
                        MetricsAccess.OPEN),
                ProcessClock.of(() -> time, () -> passed.toNanos()));
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.toString())
                .audience("waybill")
                .subject("ann")
                .claim("roles", List.of("something-else", "invoice-desk"))
                .expirationTime(Date.from(NOW.plusSeconds(300)));
    }

    private static String signed(RSAKey key, JWTClaimsSet claims) throws JOSEException {
        return signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()), new RSASSASigner(key), claims);
    }

    private static String signed(JWSHeader.Builder header, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        var token = new SignedJWT(header.build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private Principal principal(String token) throws LoginRefusedException {
        return login.principal("Bearer " + token);
    }

    private void assertRefused(String token, Reason reason, String why) {
        LoginRefusedException refused =
                catchThrowableOfType(LoginRefusedException.class, () -> principal(token));
        assertThat(refused).as(why).isNotNull();
        assertThat(refused).hasMessageContaining(why);
        assertThat(refused.getMessage()).doesNotContain(token);
        assertThat(refused.reason()).isEqualTo(reason);
    }

    @Test
    void shouldKnowWhoseTokenItIsAndWhatItsHolderMay() throws Exception {
        Principal ann = principal(signed(first, claims().build()));
        assertThat(ann.name()).isEqualTo("ann");
        assertThat(ann.role()).isEqualTo(Role.OPERATOR);
        assertThat(ann.scope().routes()).contains(Set.of(new RouteName("invoices")));
        assertThat(principal(signed(first, claims().claim("roles", "invoice-desk waybill-admins").build())).role())
                .as("the first one in the configuration")
                .isEqualTo(Role.ADMIN);
        assertThat(principal("wbt_a-token-of-a-program").name()).isEqualTo("crm");
        assertThat(askedForKeys).hasValue(1);
    }

    @Test
    void shouldFindRolesWithinAClaim() throws Exception {
        login = login("realm_access.roles");
        assertThat(principal(signed(first, claims()
                .claim("realm_access", Map.of("roles", List.of("waybill-admins"))).build())).role())
                .isEqualTo(Role.ADMIN);
        assertRefused(signed(first, claims().build()), Reason.NO_ROLE, "'ann' has no role here");
    }

    /** Keycloak names a claim like its client, others name claims like addresses. */
    @Test
    void shouldFindRolesWithinClaimsWhoseNamesHaveDots() throws Exception {
        login = login("resource_access.files.example.roles");
        assertThat(principal(signed(first, claims()
                .claim("resource_access", Map.of(
                        "files", Map.of("roles", List.of("guests")),
                        "files.example", Map.of("roles", List.of("waybill-admins"))))
                .build())).role())
                .isEqualTo(Role.ADMIN);
        login = login("https://files.example/access.roles");
        assertThat(principal(signed(first, claims()
                .claim("https://files.example/access", Map.of("roles", List.of("waybill-admins"))).build())).role())
                .isEqualTo(Role.ADMIN);
    }

    /** RFC 9068, section 4. */
    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+jwt", "application/at+jwt", "AT+JWT"})
    void shouldTakeBothNamesOfAnAccessToken(String type) throws Exception {
        assertThat(principal(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").type(new JOSEObjectType(type)),
                new RSASSASigner(first), claims().build())).name())
                .isEqualTo("ann");
    }

    @Test
    void shouldTakeNoTokenOfAnotherIssuerOrForAnotherAudience() throws Exception {
        assertRefused(signed(first, claims().issuer("http://127.0.0.1/other").build()), Reason.BAD_LOGIN, "not good");
        assertRefused(signed(first, claims().audience("other").build()), Reason.BAD_LOGIN, "not good");
        assertRefused(signed(first, claims().audience((String) null).build()), Reason.BAD_LOGIN, "not good");
    }

    @Test
    void shouldTakeNoExpiredTokenAndBearClocksThatDifferALittle() throws Exception {
        String token = signed(first, claims().build());
        time = NOW.plusSeconds(329);
        assertThat(principal(token).name()).isEqualTo("ann");
        time = NOW.plusSeconds(331);
        assertRefused(token, Reason.BAD_LOGIN, "expired");
        time = NOW;
        assertRefused(signed(first, claims().expirationTime(null).build()), Reason.BAD_LOGIN, "not good");
        assertRefused(
                signed(first, claims().serializeNullClaims(true).expirationTime(null).build()),
                Reason.BAD_LOGIN,
                "does not say when it expires");
        assertRefused(
                signed(first, claims().notBeforeTime(Date.from(NOW.plusSeconds(60))).build()),
                Reason.BAD_LOGIN,
                "not good");
    }

    @Test
    void shouldLetNoTokenChooseHowItIsChecked() throws Exception {
        assertRefused(new PlainJWT(claims().build()).serialize(), Reason.BAD_LOGIN, "not good");
        byte[] publicKey = first.toRSAPublicKey().getEncoded();
        assertRefused(
                signed(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first"), new MACSigner(publicKey),
                        claims().build()),
                Reason.BAD_LOGIN,
                "not good");
        assertRefused(
                signed(new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("first"), new RSASSASigner(first),
                        claims().build()),
                Reason.BAD_LOGIN,
                "not good");
        assertRefused(
                signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first"), new RSASSASigner(second),
                        claims().build()),
                Reason.BAD_LOGIN,
                "not good");
        assertRefused(
                signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").type(new JOSEObjectType("logout+jwt")),
                        new RSASSASigner(first), claims().build()),
                Reason.BAD_LOGIN,
                "not good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0..", "ey.ey.ey.ey.ey", ".bnVsbA.",
            "\u0661.\u0661.\u0661"})
    void shouldTakeNothingThatIsNoToken(String token) {
        assertRefused("x" + token, Reason.BAD_LOGIN, "the token is not");
    }

    /** JSON, and not the object that the library expects. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "5", "{\"alg\":null}", "{\"alg\":[]}", "{\"alg\":\"RS256\",\"crit\":[null]}"})
    void shouldTakeNoTokenWithAHeaderThatIsNone(String header) {
        assertRefused(
                Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                        + ".e30.AAAA",
                Reason.BAD_LOGIN,
                "the token is not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "", "a\nb", "crm\u200b"})
    void shouldTakeNoNameThatCouldBeAnothers(String name) throws Exception {
        assertRefused(signed(first, claims().subject(name).build()), Reason.BAD_LOGIN, "'sub'");
    }

    @Test
    void shouldNotTakeTheNameOfATokenForAPerson() throws Exception {
        assertRefused(signed(first, claims().subject("crm").build()), Reason.BAD_LOGIN, "is the name of a token");
    }

    @Test
    void shouldAskForAKeyThatItDoesNotKnowButNotForEachToken() throws Exception {
        principal(signed(first, claims().build()));
        keys = new JWKSet(second);
        assertThat(principal(signed(second, claims().build())).name()).isEqualTo("ann");
        assertRefused(signed(first, claims().build()), Reason.BAD_LOGIN, "the token");
        RSAKey unknown = new RSAKey.Builder(second).keyID("unknown").build();
        for (int i = 0; i < 20; i++) {
            assertRefused(signed(unknown, claims().build()), Reason.BAD_LOGIN, "the token");
        }
        assertThat(askedForKeys).as("the keys were fetched").hasValueBetween(2, 3);
    }

    @Test
    void shouldGoOnWithTheKeysThatItKnowsWhileTheIssuerIsDown() throws Exception {
        String token = signed(first, claims().build());
        principal(token);
        server.stop(0);
        assertThat(principal(token).name()).isEqualTo("ann");
    }

    @Test
    void shouldSayThatTheIssuerIsDownAndAskItAgainLater() throws Exception {
        server.stop(0);
        String token = signed(first, claims().build());
        assertRefused(token, Reason.ISSUER_DOWN, "the issuer " + issuer + " cannot be asked for its keys");
        assertRefused(token, Reason.ISSUER_DOWN, "cannot be asked");
        assertThat(principal("wbt_a-token-of-a-program").name()).as("tokens need no issuer").isEqualTo("crm");
    }

    /** Whoever is told that the token is bad throws it away, and counts as somebody who tries tokens. */
    @Test
    void shouldSayThatTheIssuerGivesNoKeys() throws Exception {
        keyless = true;
        String token = signed(first, claims().build());
        for (int i = 0; i < 5; i++) {
            assertRefused(token, Reason.ISSUER_DOWN, "the issuer " + issuer + " cannot be asked for its keys");
        }
        assertThat(askedForKeys).hasValue(2);
    }

    @Test
    void shouldAskAnIssuerThatWasDownAgainWhateverTheWallClockSays() throws Exception {
        broken = true;
        String token = signed(first, claims().build());
        assertRefused(token, Reason.ISSUER_DOWN, "it calls itself ''");
        broken = false;
        time = NOW.plusSeconds(60);
        assertRefused(token, Reason.ISSUER_DOWN, "it calls itself ''");
        time = NOW.minusSeconds(60);
        passed = Duration.ofSeconds(5);
        assertThat(principal(token).name()).isEqualTo("ann");
    }
}
