package io.waybill.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that kept a file from its end: an attempt that failed or was put off, or a deadline that passed.
 *
 * @param at      when; of several in a row, the last
 * @param attempt the one it happened to
 * @param failure why; null for a deadline that passed
 * @param next    when the attempt that follows is due; null where none does by itself
 * @param times   how often in a row, 1 or more
 */
public record Setback(
        Kind kind,
        Instant at,
        Stage stage,
        Attempt attempt,
        @Nullable Failure failure,
        @Nullable Instant next,
        int times) {

    public enum Kind {
        /** The attempt failed. */
        FAILED,
        /** The attempt was put off, and is not counted. */
        DEFERRED,
        /** Nobody took the file up in time. */
        UNCLAIMED,
        /** Whoever took the file up did not report in time. */
        UNFINISHED
    }

    /** What the newest state of a file tells of; null for a state that is none. */
    public static @Nullable Setback of(FileState file) {
        return switch (file.phase()) {
            case Phase.Waiting waiting -> ofWaiting(file, waiting);
            case Phase.Failed(var stage, var attempt, var failure) ->
                new Setback(Kind.FAILED, file.changedAt(), stage, attempt, failure, null, 1);
            case Phase.TimedOut(var stage, var attempt, var deadline) ->
                new Setback(kind(deadline), file.changedAt(), stage, attempt, null, null, 1);
            case Phase.Queued _, Phase.Started _,Phase.Completed _ -> null;
        };
    }

    /**
     * A failure waits for the next attempt, whose window opens when it is due; a deferral waits for the same one, in the
     * window that is open.
     */
    private static Setback ofWaiting(FileState file, Phase.Waiting waiting) {
        Attempt attempt = waiting.attempt();
        boolean failed = attempt.number() > 1
                && file.since().equals(waiting.due())
                && file.since().isAfter(file.changedAt());
        return new Setback(
                failed ? Kind.FAILED : Kind.DEFERRED,
                file.changedAt(),
                waiting.stage(),
                failed ? new Attempt(attempt.sending(), attempt.number() - 1) : attempt,
                waiting.reason(),
                waiting.due(),
                1);
    }

    private static Kind kind(DeadlineKind deadline) {
        return switch (deadline) {
            case UNCLAIMED -> Kind.UNCLAIMED;
            case UNFINISHED -> Kind.UNFINISHED;
            case RETRY_DUE -> throw new IllegalArgumentException("a due retry is no time-out");
        };
    }

    /** Whether it is the same thing once more. */
    public boolean repeats(Setback earlier) {
        return kind == earlier.kind
                && stage == earlier.stage
                && attempt.equals(earlier.attempt)
                && failure != null
                && earlier.failure != null
                && failure.kind() == earlier.failure.kind();
    }

    /** This one, with all that it repeats. */
    public Setback after(Setback earlier) {
        return new Setback(kind, at, stage, attempt, failure, next, times + earlier.times);
    }
}
