package io.waybill.runtime.config;

import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use the HTTP endpoint of a process. Immutable.
 *
 * @param auth       how callers prove who they are; empty if the operator has not said
 * @param tokens     in the order of the file; no two have one name or one hash
 * @param oidc       the issuer whose tokens are good, too; there if and only if {@code auth} is OIDC
 * @param peerSecret signs what instances send each other
 * @param metrics    who may read {@code /metrics}
 * @param cookies    how browsers log in; empty if they cannot
 */
public record AccessSettings(
        Optional<Auth> auth,
        List<Token> tokens,
        Optional<Oidc> oidc,
        Optional<Secret> peerSecret,
        MetricsAccess metrics,
        Optional<CookieSettings> cookies) {
    /** What holds where the configuration says nothing. */
    public static final AccessSettings UNSAID =
            new AccessSettings(Optional.empty(), List.of(), Optional.empty(), MetricsAccess.OPEN);

    public AccessSettings {
        tokens = List.copyOf(tokens);
    }

    /** Without pages. */
    public AccessSettings(
            Optional<Auth> auth,
            List<Token> tokens,
            Optional<Oidc> oidc,
            Optional<Secret> peerSecret,
            MetricsAccess metrics) {
        this(auth, tokens, oidc, peerSecret, metrics, Optional.empty());
    }

    /** Without an issuer. */
    public AccessSettings(
            Optional<Auth> auth, List<Token> tokens, Optional<Secret> peerSecret, MetricsAccess metrics) {
        this(auth, tokens, Optional.empty(), peerSecret, metrics);
    }

    /** How callers prove who they are. */
    public enum Auth {
        /** They do not. */
        NONE,
        /** By a secret of {@code http.tokens}. */
        TOKENS,
        /** By a signed token of the issuer {@code http.oidc}, or by a secret of {@code http.tokens}. */
        OIDC
    }

    /** Who may read the metrics. */
    public enum MetricsAccess {
        /** Everybody. */
        OPEN,
        /** Who logs in and has the permission. */
        TOKEN
    }

    /** A token, and who has it. */
    public record Token(TokenHash hash, Principal principal) {}

    /**
     * An OpenID Connect issuer.
     *
     * @param issuer     as its tokens name it
     * @param audience   for which tokens must be issued
     * @param algorithms with which they may be signed, by their names in JWS; all with a public and a private key
     * @param rolesClaim the claim with the roles of a caller, by its name or by names that lead to it, parted by dots
     * @param nameClaim  the claim with the name of a caller
     * @param roles      in the order of the file; the first one that a caller has counts
     * @param client     as whom Waybill sends people there; empty if it does not
     */
    public record Oidc(
            URI issuer,
            String audience,
            Set<String> algorithms,
            String rolesClaim,
            String nameClaim,
            List<RoleMapping> roles,
            Optional<OidcClient> client) {
        public Oidc {
            algorithms = Set.copyOf(algorithms);
            roles = List.copyOf(roles);
        }

        /** An issuer to which no people are sent. */
        public Oidc(
                URI issuer,
                String audience,
                Set<String> algorithms,
                String rolesClaim,
                String nameClaim,
                List<RoleMapping> roles) {
            this(issuer, audience, algorithms, rolesClaim, nameClaim, roles, Optional.empty());
        }
    }

    /**
     * Waybill as the issuer knows it.
     *
     * @param secret empty for a public client
     */
    public record OidcClient(String id, Optional<Secret> secret) {}

    /**
     * How browsers log in.
     *
     * @param cookieSecrets the first one encrypts; all of them decrypt
     * @param sessionAge    how long a login is good
     */
    public record CookieSettings(List<Secret> cookieSecrets, Duration sessionAge) {
        public CookieSettings {
            cookieSecrets = List.copyOf(cookieSecrets);
        }
    }

    /** What those may do who have a value in the claim with the roles. */
    public record RoleMapping(String value, Role role, Scope scope) {}

    /** Whether callers must log in. */
    public boolean login() {
        return auth.isPresent() && auth.get() != Auth.NONE;
    }
}
