package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a file in its present status only; the status decides which fields are present. Instants are ISO
 * 8601 in UTC.
 *
 * @param failure     the kind; FAILED, and PENDING while it waits for its next try, unless a pause, a window or a
 *                    blackout keeps it
 * @param detail      of the failure, for people
 * @param waitsAfter  PENDING while it waits: FAILURE or DEFERRAL
 * @param due         PENDING, when the next try may begin
 * @param claimBy     PENDING, until when a worker or importer must take the file up
 * @param by          STARTED, the worker or importer that took it up
 * @param claimId     STARTED, the importer's name for its claim
 * @param finishBy    STARTED, until when its end must be reported
 * @param heartbeatBy STARTED, until when the importer must send a heartbeat, if the route asks for that
 * @param late        COMPLETED, whether the proof came after the file had been given up
 * @param deadline    TIMED_OUT, UNCLAIMED or UNFINISHED
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PhaseAnswer(
        @Nullable String failure,
        @Nullable String detail,
        @Nullable String waitsAfter,
        @Nullable String due,
        @Nullable String claimBy,
        @Nullable String by,
        @Nullable String claimId,
        @Nullable String finishBy,
        @Nullable String heartbeatBy,
        @Nullable Boolean late,
        @Nullable String deadline) {
    public static PhaseAnswer queued(String claimBy) {
        return new PhaseAnswer(null, null, null, null, claimBy, null, null, null, null, null, null);
    }

    /** After a try that failed or was put off. */
    public static PhaseAnswer waiting(
            String failure, String detail, String waitsAfter, String due, String claimBy) {
        return new PhaseAnswer(failure, detail, waitsAfter, due, claimBy, null, null, null, null, null, null);
    }

    /** While a pause, a window or a blackout keeps it: nothing failed. */
    public static PhaseAnswer halted(String due, String claimBy) {
        return new PhaseAnswer(null, null, "DEFERRAL", due, claimBy, null, null, null, null, null, null);
    }

    public static PhaseAnswer started(
            String by, @Nullable String claimId, String finishBy, @Nullable String heartbeatBy) {
        return new PhaseAnswer(null, null, null, null, null, by, claimId, finishBy, heartbeatBy, null, null);
    }

    public static PhaseAnswer completed(boolean late) {
        return new PhaseAnswer(null, null, null, null, null, null, null, null, null, late, null);
    }

    public static PhaseAnswer failed(String failure, String detail) {
        return new PhaseAnswer(failure, detail, null, null, null, null, null, null, null, null, null);
    }

    public static PhaseAnswer timedOut(String deadline) {
        return new PhaseAnswer(null, null, null, null, null, null, null, null, null, null, deadline);
    }
}
