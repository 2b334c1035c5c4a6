package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.ProvenReplace;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.domain.TransferWork;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.status.FileProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The journal of an execution under one assignment. It is closed after the last entry of the execution is posted. */
final class ExecutionJournal implements Journal, AutoCloseable {
    private final TransferWork work;
    private final AttemptReporter reporter;
    private final PartitionProgress progress;
    private final Reporting with;
    private final Judge judge;
    private final Consumer<String> places;
    private final LaneScheduler.Slot slot;
    private final FileProgress shown;
    private final String token;
    private final Map<Milestone, Instant> milestones = new EnumMap<>(Milestone.class);
    private volatile boolean cancelled;
    private boolean publishing;
    private boolean prepared;

    ExecutionJournal(
            TransferWork work,
            AttemptReporter reporter,
            Reporting with,
            Judge judge,
            Consumer<String> places,
            LaneScheduler.Slot slot) {
        this.work = work;
        this.reporter = reporter;
        this.progress = reporter.progress();
        this.with = with;
        this.judge = judge;
        this.places = places;
        this.slot = slot;
        this.shown = with.inFlight().began(work);
        this.token = progress.tokens().next();
    }

    @Override
    public boolean stands() {
        if (!cancelled && judge.cancelled(work)) {
            // Remembered for good. When the reason is asked for, the control may be gone, or may say something else.
            cancelled = true;
        }
        return progress.stands() && !cancelled;
    }

    @Override
    public Optional<Duration> limit() {
        return progress.limit();
    }

    @Override
    public Optional<Failure> unwanted() {
        Optional<Judge.Verdict.Refused> stopped =
                cancelled ? Optional.of(Judge.cancelledUnderWay()) : judge.stopped(work, progress.ledger());
        stopped.ifPresent(reporter::counted);
        return stopped.map(Judge.Verdict.Refused::failure);
    }

    @Override
    public Optional<Outcome.Deferred> halted() {
        return judge.halted(work)
                .map(early -> new Outcome.Deferred(early.until().orElseGet(this::now), early.reason()));
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public void reached(Milestone milestone) {
        if (milestone == Milestone.CONNECTED && !milestones.containsKey(milestone)) {
            // Not before. Otherwise a destination that is down would start the file's time to finish again and again.
            reporter.started();
        }
        milestones.put(milestone, now());
        shown.reached(milestone);
    }

    @Override
    public void acknowledged(long bytes) {
        shown.acknowledged(bytes);
    }

    /** The worker read the work, before this execution began. */
    void received(Instant at) {
        milestones.put(Milestone.RECEIVED, at);
    }

    /** What was done when, so far. */
    Map<Milestone, Instant> milestones() {
        return Map.copyOf(milestones);
    }

    @Override
    public Optional<Staging> left() {
        return reporter.left();
    }

    @Override
    public void stagesIn(String directory) {
        places.accept(directory);
    }

    @Override
    public void proveOwnership() throws OwnershipLostException {
        progress.proveOwned(with.entries());
    }

    @Override
    public void note(Staging mark) {
        with.entries().accept(CommitEntry.marking(progress, OptionalLong.empty(), LedgerUpdate.to(mark)));
    }

    @Override
    public void prepare(Prepared intent) throws OwnershipLostException {
        if (!publishing) {
            publishing = progress.publishing();
        }
        if (!publishing) {
            throw new OwnershipLostException();
        }
        CommitEntry entry = CommitEntry.marking(progress, reporter.offset(), LedgerUpdate.to(intent)).with(newest());
        if (with.protocol().prepare(entry, with.entries(), slot)) {
            prepared = true;
            reached(Milestone.PREPARED);
        }
    }

    /** What the delivery index tells newer and older versions of the object that go to the same path. */
    private List<IndexUpdate> newest() {
        return work.onConflict() == ConflictPolicy.REPLACE || work.skipUnchanged()
                ? List.of(IndexUpdate.to(new NewestAtPath(
                        IndexEntry.pathKey(work.target(), work.source()),
                        work.id(),
                        work.source().lastModified(),
                        expires(),
                        work.skipUnchanged() ? IndexEntry.content(work.source()) : 0)))
                : List.of();
    }

    /**
     * What the index will remember about a delivery besides its outcome. Empty with an intent: it is already written then.
     */
    List<IndexUpdate> learned() {
        return prepared ? List.of() : newest();
    }

    @Override
    public boolean replaceProven(String server, String directory) {
        return progress.ledger().index().replaceProven(replaceKey(server, directory)).isPresent();
    }

    @Override
    public void noteReplaceProven(String server, String directory) {
        String key = replaceKey(server, directory);
        Instant half = now().plus(work.keep().dividedBy(2));
        boolean lasts = progress.ledger().index().replaceProven(key).filter(e -> e.expires().isAfter(half)).isPresent();
        if (!lasts) {
            with.entries()
                    .accept(CommitEntry.indexing(progress, IndexUpdate.to(new ProvenReplace(key, expires()))));
        }
    }

    private String replaceKey(String server, String directory) {
        return IndexEntry.replaceKey(work.target().destination(), server, directory);
    }

    private Instant expires() {
        return now().plus(work.keep());
    }

    private Instant now() {
        return with.time().instant();
    }

    @Override
    public void close() {
        with.inFlight().ended(shown);
        progress.tokens().retire(token);
        if (publishing) {
            progress.published();
        }
    }
}
