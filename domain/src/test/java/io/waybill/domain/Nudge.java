package io.waybill.domain;

/**
 * How {@link RandomLife} makes its next event: relative to the state of the moment, because an event drawn blindly
 * would nearly always be ignored.
 *
 * @param pick           chooses among equals
 * @param sendingOffset  added to the sending of the moment
 * @param attemptOffset  added to the attempt of the moment
 */
record Nudge(Kind kind, int pick, int sendingOffset, int attemptOffset) {
    enum Kind {
        ARRIVAL,
        START,
        HEARTBEAT,
        COMPLETION,
        FAILURE,
        DEFERRAL,
        DEADLINE,
        STALE_DEADLINE,
        REDRIVE,
        CANCELLATION,
        RESOLUTION,
        RESEND,
        FORGETTING,
        /** Of the sending of the moment or an earlier one, and at times to be sent again all the same. */
        DOUBT,
        /** The delivery's last word on an earlier sending. */
        LATE_WORD,
        STRAY_REPORT,
        REPLAY
    }
}
