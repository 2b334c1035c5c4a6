package io.waybill.runtime.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * What an issuer says of itself (OpenID Connect Discovery 1.0, section 3). Immutable.
 *
 * @param keys          where its keys are
 * @param authorization where people log in; empty if it does not say
 * @param token         where a code becomes a token; empty if it does not say
 * @param sendsIssuer   whether it names itself in its answers (RFC 9207, section 3)
 * @param basic         whether clients log in by HTTP Basic, and not by fields of the form
 */
record IssuerDocument(
        URI keys, Optional<URI> authorization, Optional<URI> token, boolean sendsIssuer, boolean basic) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Where the document of an issuer is. */
    static URI address(URI issuer) {
        return URI.create(issuer.toString().replaceFirst("/$", "") + "/.well-known/openid-configuration");
    }

    /**
     * Reads a document.
     *
     * @throws IOException if it is none, or another issuer's, or leads where others can read and write
     */
    static IssuerDocument read(URI issuer, String text) throws IOException {
        JsonNode document = JSON.readTree(text);
        if (!document.path("issuer").asText().equals(issuer.toString())) {
            throw new IOException("it calls itself '" + document.path("issuer").asText() + "'");
        }
        boolean plain = "http".equals(issuer.getScheme());
        Optional<URI> keys = address(document, "jwks_uri", plain);
        return new IssuerDocument(
                keys.orElseThrow(() -> new IOException("it does not say where its keys are")),
                address(document, "authorization_endpoint", plain),
                address(document, "token_endpoint", plain),
                document.path("authorization_response_iss_parameter_supported").asBoolean(),
                basic(document.path("token_endpoint_auth_methods_supported")));
    }

    /** HTTP Basic is what an issuer takes that says nothing. */
    private static boolean basic(JsonNode methods) {
        for (JsonNode method : methods) {
            if (method.asText().equals("client_secret_basic")) {
                return true;
            }
        }
        return methods.isEmpty();
    }

    private static Optional<URI> address(JsonNode document, String name, boolean plain) throws IOException {
        String text = document.path(name).asText();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        URI address = URI.create(text);
        if (address.getHost() == null || !"https".equals(address.getScheme()) && !plain) {
            throw new IOException("its " + name + " is not an https address");
        }
        return Optional.of(address);
    }
}
