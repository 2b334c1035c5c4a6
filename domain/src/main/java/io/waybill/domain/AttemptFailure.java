package io.waybill.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that kept a file from its end: an attempt that failed or was put off, or a deadline that passed. One entry
 * may stand for several repetitions in a row.
 *
 * @param from    when it happened the first time
 * @param until   when it happened the last time
 * @param attempt the attempt that it happened to
 * @param failure the reason, the last one of several; null for a deadline that passed. A long detail is cut, because
 *                every record of a state carries many of them
 * @param next    when the next attempt is due; null if no attempt follows by itself
 * @param count   the repetitions, 1 or more
 */
public record AttemptFailure(
        Kind kind,
        Instant from,
        Instant until,
        Stage stage,
        Attempt attempt,
        @Nullable Failure failure,
        @Nullable Instant next,
        int count) {
    /** Characters kept of the detail of a failure. */
    public static final int LONGEST_DETAIL = 500;

    /** The kinds of things that happen. The names are Avro symbols and JSON values, hence public: add, never rename. */
    public enum Kind {
        /** The attempt failed. */
        FAILED,
        /** The attempt was put off, and is not counted. */
        DEFERRED,
        /** No worker or importer took the file up in time. */
        UNCLAIMED,
        /** The worker or importer that took the file up did not report in time. */
        UNFINISHED
    }

    public AttemptFailure {
        failure = failure == null
                ? null
                : new Failure(failure.kind(), Texts.cut(failure.detail(), LONGEST_DETAIL));
    }

    /** The entry for the newest state of a file; null if that state records no failure. */
    public static @Nullable AttemptFailure of(FileState file) {
        return switch (file.phase()) {
            case Phase.Waiting waiting -> ofWaiting(file.changedAt(), waiting);
            case Phase.Failed(var stage, var attempt, var failure) ->
                once(Kind.FAILED, file.changedAt(), stage, attempt, failure, null);
            case Phase.TimedOut(var stage, var attempt, var deadline) ->
                once(kind(deadline), file.changedAt(), stage, attempt, null, null);
            case Phase.Queued _, Phase.Started _,Phase.Completed _ -> null;
        };
    }

    /** A failure waits for the next attempt, a deferral for the same one. */
    private static AttemptFailure ofWaiting(Instant at, Phase.Waiting waiting) {
        Attempt attempt = waiting.attempt();
        return switch (waiting.cause()) {
            case FAILURE ->
                once(Kind.FAILED, at, waiting.stage(), attempt.previous(), waiting.reason(), waiting.due());
            case DEFERRAL -> once(Kind.DEFERRED, at, waiting.stage(), attempt, waiting.reason(), waiting.due());
        };
    }

    /** The entry for a resend that was refused, because a newer version is at its place. */
    static AttemptFailure refused(Instant at, Attempt attempt, Failure failure) {
        return once(Kind.FAILED, at, Stage.DELIVERY, attempt, failure, null);
    }

    /** Whether this says that a resend was refused with an attempt, so that the file is still COMPLETED. */
    boolean refuses(Attempt other) {
        return kind == Kind.FAILED
                && stage == Stage.DELIVERY
                && attempt.equals(other)
                && failure != null
                && failure.kind() == FailureKind.SUPERSEDED;
    }

    private static AttemptFailure once(
            Kind kind,
            Instant at,
            Stage stage,
            Attempt attempt,
            @Nullable Failure failure,
            @Nullable Instant next) {
        return new AttemptFailure(kind, at, at, stage, attempt, failure, next, 1);
    }

    private static Kind kind(DeadlineKind deadline) {
        return switch (deadline) {
            case UNCLAIMED -> Kind.UNCLAIMED;
            case UNFINISHED -> Kind.UNFINISHED;
            case RETRY_DUE -> throw new IllegalArgumentException("a due retry is no time-out");
        };
    }

    /** Whether this is a repetition of an earlier entry. */
    boolean repeats(AttemptFailure earlier) {
        return kind == earlier.kind
                && stage == earlier.stage
                && attempt.equals(earlier.attempt)
                && failure != null
                && earlier.failure != null
                && failure.kind() == earlier.failure.kind();
    }

    /** This entry, merged with the earlier entry that it repeats. */
    AttemptFailure after(AttemptFailure earlier) {
        return new AttemptFailure(
                kind, earlier.from, until, stage, attempt, failure, next, count + earlier.count);
    }
}
