package io.waybill.runtime.halt;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Suspension.Subject;
import java.time.Instant;
import java.util.Optional;

/**
 * Why a file may not start at one moment.
 *
 * @param what   what is halted
 * @param since  from when on it is paused; empty for a window and a blackout
 * @param until  when files may start again, whatever else holds them then; empty if nobody knows
 * @param by     who paused it; empty if nobody did
 * @param reason the reason of a pause, the hours of a window, the name of a calendar
 */
public record Halt(
        Kind kind, Subject what, Optional<Instant> since, Optional<Instant> until, String by, String reason) {
    /** What holds a file. The names are JSON values and metric tags, hence public: add, never rename. */
    public enum Kind {
        /** A person said so. */
        PAUSED,
        /** It is a day of a calendar on which nothing starts. */
        BLACKOUT,
        /** No window is open. */
        CLOSED
    }

    private static final String NOT_TRIED = "; no attempt was made";

    /** The reason with which work is put off because of it. Readers of the version before know no kind for it. */
    public Failure putOff() {
        return new Failure(FailureKind.UNREACHABLE, text() + NOT_TRIED);
    }

    /** Whether a file that waits was put off because of a halt, so that nothing failed. */
    public static boolean putOff(Failure reason) {
        return reason.kind() == FailureKind.UNREACHABLE && reason.detail().endsWith(NOT_TRIED);
    }

    /** For people, without a full stop. */
    public String text() {
        String end = until.map(at -> " until " + at).orElse("");
        return switch (kind) {
            case PAUSED ->
                what + " is paused by " + by + end + (end.isEmpty() ? ", until somebody resumes it" : "")
                        + (reason.isEmpty() ? "" : ": " + reason);
            case BLACKOUT -> what + " has a blackout" + end + " (calendar " + reason + ")";
            case CLOSED -> what + " is closed" + end + " (open " + reason + ")";
        };
    }
}
