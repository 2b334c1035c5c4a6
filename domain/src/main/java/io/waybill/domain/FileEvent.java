package io.waybill.domain;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened to a file, told by whoever saw it. Events may come twice, late or out of order. */
public sealed interface FileEvent {
    /** Characters kept of who speaks; a longer text is cut wherever it came from. */
    int LONGEST_BY = 200;
    /** Characters kept of a reason that a person gives. */
    int LONGEST_REASON = 4_000;
    /** Characters kept of what an importer calls its claim. */
    int LONGEST_CLAIM_ID = 200;

    FileId id();

    /** When it happened, by the clock of whoever saw it. */
    Instant at();

    /** A new object version matches a route. */
    record Arrived(FileId id, Instant at, RouteName route, SourceObject source) implements FileEvent {}

    /** What whoever works on a file says of one attempt at one stage. */
    sealed interface Report extends FileEvent {
        Stage stage();

        Attempt attempt();
    }

    /**
     * Work has begun.
     *
     * @param by      the worker or importer
     * @param claimId what the importer calls this claim, so that it can be told from another of the same importer; null
     *                where it does not say
     */
    record Started(FileId id, Instant at, Stage stage, Attempt attempt, String by, @Nullable String claimId)
            implements Report {
        public Started {
            by = Texts.cut(by, LONGEST_BY);
            claimId = Texts.cutIfThere(claimId, LONGEST_CLAIM_ID);
        }

        /** A start that is not called anything. */
        public Started(FileId id, Instant at, Stage stage, Attempt attempt, String by) {
            this(id, at, stage, attempt, by, null);
        }
    }

    /**
     * An import is still being worked on.
     *
     * @param by the importer that claimed the file
     */
    record Heartbeat(FileId id, Instant at, Stage stage, Attempt attempt, String by) implements Report {
        public Heartbeat {
            by = Texts.cut(by, LONGEST_BY);
        }
    }

    /**
     * The stage is done.
     *
     * @param receipt the destination's proof; there for DELIVERY, null for IMPORT
     * @param milestones what was done when, as far as it is known
     */
    record Completed(
            FileId id,
            Instant at,
            Stage stage,
            Attempt attempt,
            @Nullable Receipt receipt,
            Map<Milestone, Instant> milestones)
            implements Report {
        public Completed {
            milestones = Map.copyOf(milestones);
            if ((stage == Stage.DELIVERY) != (receipt != null)) {
                throw new IllegalArgumentException("a delivery completes with a receipt and an import without, but "
                        + stage + " came with " + receipt);
            }
        }

        /** Nothing is known of the steps. */
        public Completed(FileId id, Instant at, Stage stage, Attempt attempt, @Nullable Receipt receipt) {
            this(id, at, stage, attempt, receipt, Map.of());
        }
    }

    /**
     * The attempt failed.
     *
     * @param milestones what was done when before, as far as it is known
     * @param resend whether a file that is {@link FailureKind#IN_DOUBT} is sent again all the same, as the destination's
     *               configuration says; never one that was given up
     */
    record Failed(
            FileId id,
            Instant at,
            Stage stage,
            Attempt attempt,
            Failure failure,
            Map<Milestone, Instant> milestones,
            boolean resend)
            implements Report {
        public Failed {
            milestones = Map.copyOf(milestones);
        }

        /** Nothing is to be sent again that is in doubt. */
        public Failed(
                FileId id, Instant at, Stage stage, Attempt attempt, Failure failure, Map<Milestone, Instant> milestones) {
            this(id, at, stage, attempt, failure, milestones, false);
        }

        /** Nothing is known of the steps. */
        public Failed(FileId id, Instant at, Stage stage, Attempt attempt, Failure failure) {
            this(id, at, stage, attempt, failure, Map.of());
        }
    }

    /**
     * The attempt could not begin, through no fault of the file's; it will be tried again and is not counted.
     *
     * @param until  when to try again
     * @param reason what kept the attempt from beginning
     */
    record Deferred(FileId id, Instant at, Stage stage, Attempt attempt, Instant until, Failure reason)
            implements Report {}

    /**
     * A deadline passed.
     *
     * @param stateVersion the {@link FileState#version()} whose deadline it was
     */
    record DeadlineReached(FileId id, Instant at, DeadlineKind kind, long stateVersion) implements FileEvent {}

    /** What a person, or a program in a person's name, wants of a file. */
    sealed interface Request extends FileEvent {
        /** The sending it is about, from 1: told again after a redrive, it means nothing. */
        int sending();

        /** Who asks. */
        String by();

        /** Why, for people. */
        String reason();
    }

    /** A failed or timed-out file is to be sent again. */
    record RedriveRequested(FileId id, Instant at, int sending, String by, String reason) implements Request {
        public RedriveRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }

    /**
     * A person has found out what became of a file that is {@link FailureKind#IN_DOUBT}, or decided it.
     *
     * @param reason what they know it by
     */
    record ResolveRequested(FileId id, Instant at, int sending, String by, String reason, Resolution resolution)
            implements Request {
        public ResolveRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }

    /** An open file is not to be sent. */
    record CancelRequested(FileId id, Instant at, int sending, String by, String reason) implements Request {
        public CancelRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }
}
