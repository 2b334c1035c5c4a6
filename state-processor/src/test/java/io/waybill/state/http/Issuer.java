package io.waybill.state.http;

import com.nimbusds.jose.JOSEException;
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
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;

/** An OpenID Connect issuer, and tokens that are not quite its own. */
final class Issuer implements AutoCloseable {
    private static final long HOUR = 3_600;

    private final MockOAuth2Server server = new MockOAuth2Server();

    private final URI address;

    Issuer() throws ParseException, IOException {
        server.start();
        address = URI.create(claims("admins").getIssuer());
        // Its first answer takes seconds, longer than a request waits for an issuer.
        try (var answer = URI.create(address + "/.well-known/openid-configuration").toURL().openStream()) {
            answer.readAllBytes();
        }
    }

    URI address() {
        return address;
    }

    private SignedJWT issued(String by, String group, String audience, long seconds) {
        return server.issueToken(by, "ann", audience, Map.of("groups", List.of(group)), seconds);
    }

    private JWTClaimsSet claims(String group) throws ParseException {
        return issued("people", group, "waybill", HOUR).getJWTClaimsSet();
    }

    String token(String group, String audience) {
        return issued("people", group, audience, HOUR).serialize();
    }

    String expired(String group) {
        return issued("people", group, "waybill", -HOUR).serialize();
    }

    String ofAnother(String group) {
        return issued("others", group, "waybill", HOUR).serialize();
    }

    String unsigned(String group) throws ParseException {
        return new PlainJWT(claims(group)).serialize();
    }

    /** Who takes the algorithm of the token for granted checks it by HMAC with a key that everybody knows. */
    String signedWithPublicKey(String group) throws ParseException, JOSEException, IOException {
        RSAKey key = JWKSet.load(URI.create(address + "/jwks").toURL()).getKeys().getFirst().toRSAKey();
        return signed(JWSAlgorithm.HS256, key.getKeyID(), new MACSigner(key.toRSAPublicKey().getEncoded()), group);
    }

    String signedWithUnknownKey(String group) throws ParseException, JOSEException {
        RSAKey key = new RSAKeyGenerator(2048).keyID("unknown").generate();
        return signed(JWSAlgorithm.RS256, "unknown", new RSASSASigner(key), group);
    }

    private String signed(JWSAlgorithm algorithm, String key, JWSSigner signer, String group)
            throws ParseException, JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims(group));
        token.sign(signer);
        return token.serialize();
    }

    /** From now on the next person who logs in there is one of a group. */
    void letsIn(String group) {
        server.enqueueCallback(new DefaultOAuth2TokenCallback(
                "people", "ann", "JWT", List.of("waybill"), Map.of("groups", List.of(group)), HOUR));
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
