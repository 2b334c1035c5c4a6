package io.waybill.domain;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a file, reported by the process that saw it. Events may come twice, late or out of order.
 */
public sealed interface FileEvent {
    /** Characters kept of the name of a writer. A longer text is cut, wherever it came from. */
    int LONGEST_BY = 200;
    /** Characters kept of a reason that a person gives. */
    int LONGEST_REASON = 4_000;
    /** Characters kept of the name that an importer gives its claim. */
    int LONGEST_CLAIM_ID = 200;

    FileId id();

    /** When it happened, by the clock of the process that saw it. */
    Instant at();

    /** A new object version matches a route. */
    record Arrived(FileId id, Instant at, RouteName route, SourceObject source) implements FileEvent {}

    /** A report of a worker or importer about one attempt at one stage. */
    sealed interface Report extends FileEvent {
        Stage stage();

        Attempt attempt();
    }

    /**
     * Work has begun.
     *
     * @param by      the worker or importer
     * @param claimId the importer's name for this claim, to distinguish it from another claim of the same importer;
     *                null if the importer gives none
     */
    record Started(FileId id, Instant at, Stage stage, Attempt attempt, String by, @Nullable String claimId)
            implements Report {
        public Started {
            by = Texts.cut(by, LONGEST_BY);
            claimId = Texts.cutIfThere(claimId, LONGEST_CLAIM_ID);
        }

        /** A start without a name for the claim. */
        public Started(FileId id, Instant at, Stage stage, Attempt attempt, String by) {
            this(id, at, stage, attempt, by, null);
        }
    }

    /**
     * An importer still works on the file.
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
     * @param receipt    the destination's proof; present for DELIVERY, null for IMPORT
     * @param milestones when each milestone was reached, as far as known
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

        /** A report without known milestones. */
        public Completed(FileId id, Instant at, Stage stage, Attempt attempt, @Nullable Receipt receipt) {
            this(id, at, stage, attempt, receipt, Map.of());
        }
    }

    /**
     * The attempt failed.
     *
     * @param milestones when each milestone before the failure was reached, as far as known
     * @param resend     whether a file that is {@link FailureKind#IN_DOUBT} is sent again, as the destination's
     *                   configuration says; never a file that was given up
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

        /** A report of a failure; a file in doubt is not sent again. */
        public Failed(
                FileId id, Instant at, Stage stage, Attempt attempt, Failure failure,
                Map<Milestone, Instant> milestones) {
            this(id, at, stage, attempt, failure, milestones, false);
        }

        /** A report without known milestones. */
        public Failed(FileId id, Instant at, Stage stage, Attempt attempt, Failure failure) {
            this(id, at, stage, attempt, failure, Map.of());
        }
    }

    /**
     * The attempt could not begin, and the file is not the reason. It will be tried again and is not counted.
     *
     * @param until  when to try again
     * @param reason the reason for the deferral
     */
    record Deferred(FileId id, Instant at, Stage stage, Attempt attempt, Instant until, Failure reason)
            implements Report {}

    /**
     * A deadline passed, or somebody says that a RETRY_DUE counts as passed now.
     *
     * @param stateVersion the {@link FileState#version()} that had the deadline
     * @param asked        who says so; null if the deadline passed by itself
     */
    record DeadlineReached(FileId id, Instant at, DeadlineKind kind, long stateVersion, @Nullable Asked asked)
            implements FileEvent {
        /**
         * The one who does not wait.
         *
         * @param by     a person or a service
         * @param reason why, for people
         */
        public record Asked(String by, String reason) {
            public Asked {
                by = Texts.cut(by, LONGEST_BY);
                reason = Texts.cut(reason, LONGEST_REASON);
            }
        }

        /** A deadline that passed by itself. */
        public DeadlineReached(FileId id, Instant at, DeadlineKind kind, long stateVersion) {
            this(id, at, kind, stateVersion, null);
        }

        /** A file that waits is to be tried now. */
        public static DeadlineReached now(FileState file, Instant at, Asked asked) {
            return new DeadlineReached(file.id(), at, DeadlineKind.RETRY_DUE, file.version(), asked);
        }
    }

    /** A request of a person, or of a program in a person's name, about a file. */
    sealed interface Request extends FileEvent {
        /**
         * The sending that the request is about, from 1. If the request is repeated after a redrive, it has no effect.
         */
        int sending();

        /** The person or program that asks. */
        String by();

        /** Why, for people. */
        String reason();
    }

    /** A request to send a failed or timed-out file again. */
    record RedriveRequested(FileId id, Instant at, int sending, String by, String reason) implements Request {
        public RedriveRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }

    /**
     * A request to deliver a COMPLETED file once more.
     *
     * @param announce whether importers are told once more as well
     */
    record ResendRequested(FileId id, Instant at, int sending, String by, String reason, boolean announce)
            implements Request {
        public ResendRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }

    /** A request to keep nothing of an ended file but its id, its status and its times. */
    record ForgetRequested(FileId id, Instant at, int sending, String by, String reason) implements Request {
        public ForgetRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }

    /**
     * A person has found out, or decided, how a file that is {@link FailureKind#IN_DOUBT} ended.
     *
     * @param reason the person's evidence
     */
    record ResolveRequested(FileId id, Instant at, int sending, String by, String reason, Resolution resolution)
            implements Request {
        public ResolveRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }

    /** A request not to send an open file. */
    record CancelRequested(FileId id, Instant at, int sending, String by, String reason) implements Request {
        public CancelRequested {
            by = Texts.cut(by, LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }
    }
}
