package io.waybill.state.http;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.Role;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Auth;
import io.waybill.runtime.config.AccessSettings.CookieSettings;
import io.waybill.runtime.config.AccessSettings.MetricsAccess;
import io.waybill.runtime.config.AccessSettings.Oidc;
import io.waybill.runtime.config.AccessSettings.OidcClient;
import io.waybill.runtime.config.AccessSettings.RoleMapping;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who logs in in tests. The token of each is the name with "-token-0123456789" behind it. */
final class People {
    static final String PEER_SECRET = "a-secret-that-all-instances-share";

    static final Principal VIEWER = new Principal("vera", Role.VIEWER, Scope.ALL);
    static final Principal OPERATOR = new Principal("otto", Role.OPERATOR, Scope.ALL);
    static final Principal ADMIN = new Principal("ada", Role.ADMIN, Scope.ALL);
    static final Principal IMPORTER = new Principal("crm", Role.IMPORTER, Scope.ALL);
    /** An operator of the route "drop" alone. */
    static final Principal OF_DROP = new Principal(
            "dora", Role.OPERATOR, new Scope(Optional.of(Set.of(new RouteName("drop"))), Optional.empty()));
    /** An admin of the route "drop" alone. */
    static final Principal ADMIN_OF_DROP = new Principal("olga", Role.ADMIN, OF_DROP.scope());
    /** An operator for the destination "acme" alone. */
    static final Principal OF_ACME = new Principal(
            "adam", Role.OPERATOR, new Scope(Optional.empty(), Optional.of(Set.of(new DestinationName("acme")))));

    static final List<Principal> ALL = List.of(VIEWER, OPERATOR, ADMIN, IMPORTER, OF_DROP, ADMIN_OF_DROP, OF_ACME);

    static final AccessSettings TOKENS = access(Optional.of(Secret.of(PEER_SECRET)), MetricsAccess.TOKEN);

    /** The same, and a login page. */
    static final AccessSettings PAGES = new AccessSettings(
            TOKENS.auth(),
            TOKENS.tokens(),
            TOKENS.oidc(),
            TOKENS.peerSecret(),
            TOKENS.metrics(),
            Optional.of(new CookieSettings(List.of(Secret.of("a-secret-for-the-cookies-of-all-people")),
                    Duration.ofHours(8))));

    private People() {}

    static AccessSettings access(Optional<Secret> peerSecret, MetricsAccess metrics) {
        return new AccessSettings(
                Optional.of(Auth.TOKENS),
                ALL.stream().map(one -> new Token(TokenHash.of(token(one)), one)).toList(),
                peerSecret,
                metrics);
    }

    /** The tokens and an issuer, whose roles are those of groups, for people, too. */
    static AccessSettings issuer(URI issuer) {
        return new AccessSettings(
                Optional.of(Auth.OIDC),
                TOKENS.tokens(),
                Optional.of(new Oidc(
                        issuer,
                        "waybill",
                        Set.of("RS256"),
                        "groups",
                        "sub",
                        List.of(
                                new RoleMapping("admins", Role.ADMIN, Scope.ALL),
                                new RoleMapping("drop-desk", Role.OPERATOR, OF_DROP.scope()),
                                new RoleMapping("viewers", Role.VIEWER, Scope.ALL)),
                        Optional.of(new OidcClient("waybill-pages", Optional.empty())))),
                TOKENS.peerSecret(),
                MetricsAccess.TOKEN,
                PAGES.cookies());
    }

    static String token(Principal principal) {
        return principal.name() + "-token-0123456789";
    }
}
