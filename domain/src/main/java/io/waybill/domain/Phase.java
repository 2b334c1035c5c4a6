package io.waybill.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a file is in its life. Each phase holds just what is true in it.
 *
 * <pre>
 *            Arrived                Started
 *   (none) ---------> Queued -----------------> Started
 *                       ^  \  Failed, Deferred   /  |
 *            RETRY_DUE  |   +--> Waiting <------+   |   Completed: the next stage's Queued, or
 *                       +--------/                  +--> Completed
 *                                                   |
 *     Failed for good, CancelRequested:  Failed  <--+--> TimedOut  :UNCLAIMED, UNFINISHED
 *
 *   Failed, TimedOut -- RedriveRequested --> Queued     TimedOut -- late Completed --> Completed
 *   Failed IN_DOUBT  -- ResolveRequested --> Queued, Completed
 *   Completed -- ResendRequested --> Queued
 *   Failed, TimedOut -- late Failed IN_DOUBT, also of an earlier sending --> Failed IN_DOUBT
 * </pre>
 */
public sealed interface Phase {
    Status status();

    /** The stage the phase is about. */
    Stage stage();

    /** The attempt the phase is about. */
    Attempt attempt();

    /** Something is left to do. */
    sealed interface Open extends Phase {
        /** Until when a worker or importer must take the attempt up; a deferral before that does not move it. */
        Instant claimBy();

        /** What happens next if no report comes. */
        Deadline deadline();

        /**
         * Whether a deadline of that kind can pass. The monitor decides which deadline comes first, and when, because
         * it counts by the current configuration. If a kind were refused here, it would be refused each time, and the
         * file would be stuck.
         */
        default boolean canReach(DeadlineKind kind) {
            return switch (kind) {
                case RETRY_DUE -> this instanceof Waiting;
                case UNCLAIMED -> !(this instanceof Started);
                case UNFINISHED -> this instanceof Started;
            };
        }
    }

    /** Nothing is left to do. */
    sealed interface Terminal extends Phase {}

    /** Handed out, and not yet taken up. */
    record Queued(Stage stage, Attempt attempt, Instant claimBy) implements Open {
        @Override
        public Status status() {
            return Status.PENDING;
        }

        @Override
        public Deadline deadline() {
            return new Deadline(DeadlineKind.UNCLAIMED, claimBy);
        }
    }

    /**
     * Held back until its attempt is due.
     *
     * @param due    when
     * @param cause  why it waits
     * @param reason the last failure or the reason of a deferral, for people
     */
    record Waiting(Stage stage, Attempt attempt, Instant claimBy, Instant due, Cause cause, Failure reason)
            implements Open {
        /** Why a file waits. The names are Avro symbols and JSON values, hence public: add, never rename. */
        public enum Cause {
            /** The attempt before it failed. */
            FAILURE,
            /** The attempt was put off. */
            DEFERRAL
        }

        /** Whether nothing but the object keeps the attempt: it is in an archive, and somebody must restore it. */
        boolean forItsObject() {
            return stage == Stage.DELIVERY
                    && cause == Cause.DEFERRAL
                    && reason.kind() == FailureKind.SOURCE_FORBIDDEN;
        }

        public Waiting {
            if (cause == Cause.FAILURE && attempt.number() == 1) {
                throw new IllegalArgumentException("no attempt failed before " + attempt);
            }
        }

        @Override
        public Status status() {
            return Status.PENDING;
        }

        @Override
        public Deadline deadline() {
            return claimBy.isBefore(due)
                    ? new Deadline(DeadlineKind.UNCLAIMED, claimBy)
                    : new Deadline(DeadlineKind.RETRY_DUE, due);
        }
    }

    /**
     * Taken up.
     *
     * @param finishBy    until when it must report the end
     * @param heartbeatBy until when the next sign of life must come; null if no heartbeats are asked for
     * @param by          the worker or importer
     * @param claimId     the importer's name for its claim; null if the importer gives none
     */
    record Started(
            Stage stage,
            Attempt attempt,
            Instant claimBy,
            Instant finishBy,
            @Nullable Instant heartbeatBy,
            String by,
            @Nullable String claimId)
            implements Open {
        public Started {
            by = Texts.cut(by, FileEvent.LONGEST_BY);
            claimId = Texts.cutIfThere(claimId, FileEvent.LONGEST_CLAIM_ID);
        }

        /** For a claim without a name. */
        public Started(
                Stage stage,
                Attempt attempt,
                Instant claimBy,
                Instant finishBy,
                @Nullable Instant heartbeatBy,
                String by) {
            this(stage, attempt, claimBy, finishBy, heartbeatBy, by, null);
        }

        /** Without heartbeats. */
        public Started(Stage stage, Attempt attempt, Instant claimBy, Instant finishBy, String by) {
            this(stage, attempt, claimBy, finishBy, null, by);
        }

        /** Whether exactly this claim holds it; never if the claim has no name. */
        public boolean heldBy(FileEvent.Started claim) {
            return claim.claimId() != null
                    && claim.claimId().equals(claimId)
                    && claim.by().equals(by)
                    && claim.stage() == stage
                    && claim.attempt().equals(attempt);
        }

        @Override
        public Status status() {
            return Status.STARTED;
        }

        @Override
        public Deadline deadline() {
            return new Deadline(
                    DeadlineKind.UNFINISHED,
                    heartbeatBy != null && heartbeatBy.isBefore(finishBy) ? heartbeatBy : finishBy);
        }
    }

    /**
     * Done.
     *
     * @param late whether the proof came after the file had been given up or sent again
     */
    record Completed(Stage stage, Attempt attempt, boolean late) implements Terminal {
        @Override
        public Status status() {
            return Status.COMPLETED;
        }
    }

    /** Given up. */
    record Failed(Stage stage, Attempt attempt, Failure failure) implements Terminal {
        @Override
        public Status status() {
            return Status.FAILED;
        }
    }

    /**
     * Given up because no report came.
     *
     * @param kind UNCLAIMED or UNFINISHED
     */
    record TimedOut(Stage stage, Attempt attempt, DeadlineKind kind) implements Terminal {
        @Override
        public Status status() {
            return Status.TIMED_OUT;
        }
    }
}
