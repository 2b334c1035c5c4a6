package io.waybill.runtime.login;

import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import io.waybill.runtime.time.ProcessClock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows callers by what they send after {@code Authorization: Bearer}. Safe for several threads. */
public final class BearerLogin {
    private static final String BEARER = "bearer ";
    /** Three parts of base64url (RFC 7515, section 3.1); the last one is empty without a signature. */
    private static final Pattern SIGNED = Pattern.compile("[\\w-]+\\.[\\w-]*\\.[\\w-]*");

    private final List<Token> tokens;
    private final Optional<OidcLogin> issuer;

    public BearerLogin(AccessSettings settings, ProcessClock clock) {
        this.tokens = settings.tokens();
        this.issuer = settings.oidc().map(oidc -> new OidcLogin(oidc, clock));
    }

    /**
     * Whether a header may be a token that an issuer signed. Nobody finds one by trying, and each is good for minutes only.
     *
     * @param authorization the header Authorization
     */
    public boolean maybeSigned(String authorization) {
        return issuer.isPresent()
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && SIGNED.matcher(authorization.substring(BEARER.length()).strip()).matches();
    }

    /**
     * Finds out who sends a request.
     *
     * @param authorization the header Authorization; null if there is none
     * @throws LoginRefusedException if the header is no token that is good here
     */
    public Principal principal(@Nullable String authorization) throws LoginRefusedException {
        if (authorization == null || authorization.isBlank()) {
            throw new LoginRefusedException(
                    Reason.NO_LOGIN, "this needs a login: send the header 'Authorization: Bearer TOKEN'");
        }
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new LoginRefusedException(
                    Reason.BAD_LOGIN, "Authorization: expected 'Bearer TOKEN', was another scheme");
        }
        String sent = authorization.substring(BEARER.length()).strip();
        Optional<Principal> holder = holder(TokenHash.of(sent));
        if (holder.isPresent()) {
            return holder.get();
        }
        if (issuer.isEmpty() || !SIGNED.matcher(sent).matches()) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token is not known here");
        }
        return ofNoToken(issuer.get().principal(sent));
    }

    /** Whom the issuer named when they logged in, with the role that they have now. */
    Principal person(Sessions.Person person) throws LoginRefusedException {
        if (issuer.isEmpty() || !issuer.get().named(person)) {
            throw new LoginRefusedException(
                    Reason.SESSION_ENDED, "the login in this browser is of an issuer that is not asked any more");
        }
        return ofNoToken(issuer.get().principal(person.name(), person.values()));
    }

    /** People must not act under the name of a program. */
    private Principal ofNoToken(Principal principal) throws LoginRefusedException {
        if (tokens.stream().anyMatch(token -> token.principal().name().equals(principal.name()))) {
            throw new LoginRefusedException(
                    Reason.BAD_LOGIN, "'" + principal.name() + "' is the name of a token, so nobody else can have it");
        }
        return principal;
    }

    /** The issuer whose people log in here, too. */
    Optional<OidcLogin> issuer() {
        return issuer;
    }

    /** Who has a token of the configuration. */
    Optional<Principal> holder(TokenHash sent) {
        Principal found = null;
        // Looks at all of them, so that the time does not tell which one came near.
        for (Token token : tokens) {
            if (token.hash().equals(sent)) {
                found = token.principal();
            }
        }
        return Optional.ofNullable(found);
    }
}
