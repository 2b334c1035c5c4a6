package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Control;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.store.ObjectReader;
import io.waybill.worker.connections.SourceDownException;
import io.waybill.worker.metrics.Unwanted;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.LedgerEntries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Decides whether to carry out an item at all, by controls and by the delivery index. Any thread. */
public final class Judge {
    private final WithdrawnWork withdrawn;
    private final Optional<HaltedWork> halted;
    private final Versions versions;

    /** A judge who knows of no pauses, windows and blackouts. */
    public Judge(WithdrawnWork withdrawn, Versions versions) {
        this(withdrawn, Optional.empty(), versions);
    }

    /**
     * @param versions asked if two versions were written in the same second, and for redrives about which nothing is known
     */
    public Judge(WithdrawnWork withdrawn, HaltedWork halted, Versions versions) {
        this(withdrawn, Optional.of(halted), versions);
    }

    private Judge(WithdrawnWork withdrawn, Optional<HaltedWork> halted, Versions versions) {
        this.withdrawn = withdrawn;
        this.halted = halted;
        this.versions = versions;
    }

    /** Finds the current version of an object, like {@link ObjectReader#current}. */
    @FunctionalInterface
    public interface Versions {
        Optional<SourceObject> current(String bucket, String key) throws TransferException;
    }

    /** What to do with an item. */
    sealed interface Verdict {
        /** Carry it out. */
        record Wanted() implements Verdict {}

        /**
         * An older intent was resolved just now. Its outcome is the outcome of the file, or was reported as its failure.
         */
        record Resolved() implements Verdict {}

        /**
         * The item must wait: for an older intent, or until the bucket can be read.
         *
         * @param reason why that intent is not resolved, or the bucket cannot be read
         * @param until  when to try again; empty if only the intent says
         */
        record Early(Failure reason, Optional<Instant> until) implements Verdict {}

        /**
         * The item ends and nothing is sent.
         *
         * @param reason  for counting; empty if an error occurred, so that the reason is unknown
         * @param learned what the delivery index remembers of it
         */
        record Refused(Failure failure, Optional<Unwanted> reason, List<IndexUpdate> learned) implements Verdict {
            /** The index remembers nothing. */
            Refused(Failure failure, Optional<Unwanted> reason) {
                this(failure, reason, List.of());
            }
        }
    }

    private static Verdict.Refused refused(Failure failure, Unwanted reason) {
        return new Verdict.Refused(failure, Optional.of(reason));
    }

    /** Whether the work is still wanted. */
    Verdict asked(TransferWork work) {
        return withdrawn.of(work.id(), work.attempt())
                .<Verdict>map(kind -> switch (kind) {
                    case GIVEN_UP -> refused(
                            new Failure(FailureKind.CANCELLED, "given up before it began: the file timed out"),
                            Unwanted.GIVEN_UP);
                    case CANCELLED -> refused(
                            new Failure(FailureKind.CANCELLED, "given up before it began: it was cancelled"),
                            Unwanted.CANCELLED);
                })
                .orElseGet(Verdict.Wanted::new);
    }

    /** Whether a pause, a window or a blackout keeps the item from its start. */
    Optional<Verdict.Early> halted(TransferWork work) {
        return halted.flatMap(known -> known.of(work));
    }

    /** Whether the item was cancelled after it began. An item that timed out meanwhile is finished. */
    boolean cancelled(TransferWork work) {
        return withdrawn.of(work.id(), work.attempt()).filter(kind -> kind == Control.Kind.CANCELLED).isPresent();
    }

    /** Why an item that is under way and not prepared must stop; empty if it need not. Asks no other system. */
    Optional<Verdict.Refused> stopped(TransferWork work, LedgerEntries ledger) {
        if (cancelled(work)) {
            return Optional.of(cancelledUnderWay());
        }
        if (work.onConflict() != ConflictPolicy.REPLACE) {
            return Optional.empty();
        }
        return ledger.index()
                .newestAt(IndexEntry.pathKey(work.target(), work.source()))
                .filter(newest -> isNewer(newest, work))
                .map(newest -> refused(supersededBy(newest, work), Unwanted.SUPERSEDED));
    }

    /** The verdict for an item that was cancelled while it was under way. */
    static Verdict.Refused cancelledUnderWay() {
        return refused(
                new Failure(FailureKind.CANCELLED, "it was cancelled while it was sent, and was not published"),
                Unwanted.CANCELLED);
    }

    /**
     * Whether the outcomes of earlier sendings leave anything to do. What the state knew when it asked is no reason to stop:
     * a resend wants one more delivery than those. To be called when no other item holds the path.
     */
    Verdict known(TransferWork work, LedgerEntries ledger) {
        return ledger.outcomeOf(work.id())
                .filter(outcome -> !work.knows(outcome.sending()))
                .map(earlier -> switch (earlier.result()) {
                    // If the Completed is still on its way to the state, it comes first there, and this failure changes
                    // nothing.
                    case DELIVERED -> refused(
                            new Failure(
                                    FailureKind.CANCELLED,
                                    "sending " + earlier.sending() + " of this file was delivered before, so sending "
                                            + work.attempt().sending() + " was not begun"),
                            Unwanted.DELIVERED);
                    case IN_DOUBT -> inDoubt(work, earlier.sending());
                })
                .orElseGet(Verdict.Wanted::new);
    }

    /** Whether a newer version of the object came before this one. To be called when no other item holds the path. */
    Verdict newest(TransferWork work, LedgerEntries ledger) {
        try {
            return superseded(work, ledger)
                    .<Verdict>map(failure -> refused(failure, Unwanted.SUPERSEDED))
                    .orElseGet(Verdict.Wanted::new);
        } catch (SourceDownException e) {
            return new Verdict.Early(e.failure(), Optional.of(e.until()));
        } catch (TransferException e) {
            return new Verdict.Refused(e.failure(), Optional.empty());
        }
    }

    /**
     * Whether the object is as it was when it was last delivered at this path, and the route skips such objects. Only a
     * delivery counts: what failed before is no reason to skip. A redrive is a person's wish to send the object all the
     * same. To be called when no other item holds the path.
     */
    Verdict unchanged(TransferWork work, LedgerEntries ledger, Instant now) {
        if (!work.skipUnchanged() || work.attempt().sending() > 1) {
            return new Verdict.Wanted();
        }
        return ledger.index()
                .newestAt(IndexEntry.pathKey(work.target(), work.source()))
                .filter(newest -> !newest.id().equals(work.id()))
                .filter(newest -> newest.content() == IndexEntry.content(work.source()))
                .flatMap(newest -> ledger.outcomeOf(newest.id())
                        .filter(outcome -> outcome.result() == IndexEntry.Result.DELIVERED)
                        .map(outcome -> unchanged(work, newest, outcome, now.plus(ledger.keep()))))
                .orElseGet(Verdict.Wanted::new);
    }

    private static Verdict unchanged(
            TransferWork work, NewestAtPath newest, IndexEntry.FileOutcome delivered, Instant expires) {
        SourceObject ours = work.source();
        Instant latest = ours.lastModified().isAfter(newest.lastModified())
                ? ours.lastModified()
                : newest.lastModified();
        // A version between the two, which comes late, must not replace what is current again.
        var seen = new NewestAtPath(newest.key(), newest.id(), latest, expires, newest.content());
        var still = new IndexEntry.FileOutcome(delivered.id(), delivered.sending(), delivered.result(), expires);
        return new Verdict.Refused(
                Failure.unchanged(
                        "it has the ETag and the size of file " + newest.id() + ", which was delivered at '"
                                + work.target().path() + "', and the route skips such objects (source.unchanged: skip);"
                                + " ./waybill redrive " + work.id() + " sends it all the same"),
                Optional.of(Unwanted.UNCHANGED),
                List.of(IndexUpdate.to(seen), IndexUpdate.to(still)));
    }

    /** The verdict for a file of which an earlier sending may have been delivered. */
    private static Verdict inDoubt(TransferWork work, int earlier) {
        return refused(
                new Failure(
                        FailureKind.IN_DOUBT,
                        "whether sending " + earlier + " of this file was delivered is in doubt, so sending "
                                + work.attempt().sending() + " was not begun; ask the partner, then ./waybill resolve "
                                + work.id() + " says what is true"),
                Unwanted.IN_DOUBT);
    }

    private Optional<Failure> superseded(TransferWork work, LedgerEntries ledger) throws TransferException {
        if (work.onConflict() != ConflictPolicy.REPLACE) {
            return Optional.empty();
        }
        SourceObject ours = work.source();
        Optional<NewestAtPath> found = ledger.index().newestAt(IndexEntry.pathKey(work.target(), ours));
        if (found.isEmpty()) {
            return supersededInStore(work);
        }
        NewestAtPath newest = found.get();
        if (newest.content() == IndexEntry.content(ours) && newest.lastModified().equals(ours.lastModified())) {
            // It was skipped as unchanged, and somebody wants it sent all the same.
            return Optional.empty();
        }
        boolean tie = !newest.id().equals(work.id()) && newest.lastModified().equals(ours.lastModified());
        // If the store does not say which one is current, the version that was prepared first counts as the newer one.
        boolean newer = tie
                ? versions.current(ours.bucket(), ours.key()).filter(ours::isSameVersionAs).isEmpty()
                : isNewer(newest, work);
        return newer ? Optional.of(supersededBy(newest, work)) : Optional.empty();
    }

    private static boolean isNewer(NewestAtPath newest, TransferWork work) {
        return !newest.id().equals(work.id())
                && newest.lastModified().isAfter(work.source().lastModified());
    }

    private static Failure supersededBy(NewestAtPath newest, TransferWork work) {
        return new Failure(
                FailureKind.SUPERSEDED,
                "a newer version of this object, file " + newest.id() + " last modified " + newest.lastModified()
                        + ", was prepared or delivered at '" + work.target().path() + "'");
    }

    /** A redrive may come after the index forgot its entries. Then only the store knows newer versions. */
    private Optional<Failure> supersededInStore(TransferWork work) throws TransferException {
        SourceObject ours = work.source();
        if (work.attempt().sending() == 1 || ours.versionId() == null) {
            return Optional.empty();
        }
        return versions.current(ours.bucket(), ours.key())
                .filter(current -> !ours.isSameVersionAs(current))
                .filter(current -> !current.lastModified().isBefore(ours.lastModified()))
                .map(current -> new Failure(
                        FailureKind.SUPERSEDED,
                        "the store has a newer version of this object, " + current.versionId() + " last modified "
                                + current.lastModified()));
    }
}
