package io.waybill.runtime.config;

import io.waybill.runtime.access.Principal;
import io.waybill.runtime.access.TokenHash;
import java.util.List;
import java.util.Optional;

/**
 * Who may use the HTTP endpoint of a process. Immutable.
 *
 * @param auth       how callers prove who they are; empty if the operator has not said
 * @param tokens     in the order of the file; no two have one name or one hash
 * @param peerSecret signs what instances send each other
 * @param metrics    who may read {@code /metrics}
 */
public record AccessSettings(
        Optional<Auth> auth, List<Token> tokens, Optional<Secret> peerSecret, MetricsAccess metrics) {
    /** What holds where the configuration says nothing. */
    public static final AccessSettings UNSAID =
            new AccessSettings(Optional.empty(), List.of(), Optional.empty(), MetricsAccess.OPEN);

    public AccessSettings {
        tokens = List.copyOf(tokens);
    }

    /** How callers prove who they are. */
    public enum Auth {
        /** They do not. */
        NONE,
        /** By a secret of {@code http.tokens}. */
        TOKENS
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

    /** Whether callers must log in. */
    public boolean login() {
        return auth.isPresent() && auth.get() != Auth.NONE;
    }
}
