package io.waybill.runtime.login;

import java.util.Locale;

/** It is not known who sends a request. The message is for its sender, and has no part of a token. */
public final class LoginRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong, for counting. */
    public enum Reason {
        /** The request has no login at all. */
        NO_LOGIN,
        /** A login that Waybill does not know, or that nobody can read. */
        BAD_LOGIN,
        /** The cookie of a person who must log in again. */
        SESSION_ENDED,
        /** A request that a page of another site may have made: it does not repeat what the browser got from Waybill. */
        FORGED,
        /** A request of another instance whose signature does not fit. */
        BAD_SIGNATURE,
        /** A good login of somebody who has no role here. */
        NO_ROLE,
        /** The issuer cannot be asked whether a login is good. */
        ISSUER_DOWN;

        /** As a label of metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    public LoginRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
