package io.waybill.runtime.login;

import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.config.AccessSettings.Token;
import io.waybill.runtime.login.LoginRefusedException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows callers by the tokens of the configuration. Safe for several threads. */
public final class TokenLogin {
    private static final String BEARER = "bearer ";

    private final List<Token> tokens;

    public TokenLogin(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /**
     * Finds out who sends a request.
     *
     * @param authorization the header Authorization; null if there is none
     * @throws LoginRefusedException if the header is no token of the configuration
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
        TokenHash sent = TokenHash.of(authorization.substring(BEARER.length()).strip());
        Principal found = null;
        // Looks at all of them, so that the time does not tell which one came near.
        for (Token token : tokens) {
            if (token.hash().equals(sent)) {
                found = token.principal();
            }
        }
        if (found == null) {
            throw new LoginRefusedException(Reason.BAD_LOGIN, "the token is not known here");
        }
        return found;
    }
}
