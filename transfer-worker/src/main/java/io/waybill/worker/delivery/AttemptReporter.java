package io.waybill.worker.delivery;

import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.domain.Receipt;
import io.waybill.domain.Stage;
import io.waybill.worker.metrics.Unwanted;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Reports on one attempt: turns its outcome into commit entries. One thread. */
final class AttemptReporter {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptReporter.class);

    /** The time after which an item checks again whether the older intent that it waits for is resolved. */
    private static final Duration AFTER_THE_OLDER = Duration.ofSeconds(30);

    private final Reporting with;
    private final FileId id;
    private final Attempt attempt;
    private final Lane lane;
    private final PartitionProgress progress;
    private final OptionalLong offset;
    private String key = "";
    private boolean skipped;

    /**
     * @param offset the offset of the item's record; empty for an intent whose record is done
     */
    AttemptReporter(Reporting with, FileId id, Attempt attempt, Lane lane, PartitionProgress progress,
            OptionalLong offset) {
        this.with = with;
        this.id = id;
        this.attempt = attempt;
        this.lane = lane;
        this.progress = progress;
        this.offset = offset;
    }

    /** Names the object's key, for the log. An intent of an earlier execution does not know it. */
    AttemptReporter of(String objectKey) {
        key = objectKey;
        return this;
    }

    PartitionProgress progress() {
        return progress;
    }

    OptionalLong offset() {
        return offset;
    }

    Lane lane() {
        return lane;
    }

    /** The intent of this attempt, if one is committed. */
    Optional<Prepared> intent() {
        return progress.ledger().prepared().stream()
                .filter(mark -> mark.id().equals(id) && mark.attempt().equals(attempt))
                .findAny();
    }

    /** The part of a file that an earlier execution of the sending left at the destination, to be resumed or removed. */
    Optional<Staging> left() {
        // A staging name has a token. The name of an older file that was set aside has none, and that file holds other
        // bytes.
        return progress.ledger()
                .staging(id, attempt.sending())
                .filter(mark -> StagingTokens.same(mark.staging().name(), mark.staging().name()));
    }

    /** The worker has connected to the destination, and the attempt begins. */
    void started() {
        with.entries()
                .accept(CommitEntry.underWay(
                        progress,
                        record(new FileEvent.Started(id, now(), Stage.DELIVERY, attempt, with.worker()))));
    }

    /** The item waits: until the older intent is resolved, if nothing else is said. */
    void putOff(Judge.Verdict.Early early) {
        with.metrics().started(lane.destination());
        Instant until = early.until().orElseGet(() -> now().plus(AFTER_THE_OLDER));
        report(new Outcome.Deferred(until, early.reason()), Map.of(), List.of());
    }

    /**
     * Finishes the item's record. The outcome of the older intent is the outcome of the file, or was reported as its
     * failure.
     */
    void finished() {
        with.entries().accept(CommitEntry.finishing(progress, offset));
    }

    /** The item ends before it begins. */
    void refused(Judge.Verdict.Refused verdict) {
        with.metrics().started(lane.destination());
        counted(verdict);
        skipped = verdict.reason().filter(reason -> reason == Unwanted.DELIVERED).isPresent();
        report(new Outcome.NotDelivered(verdict.failure(), left()), Map.of(), List.of(), verdict.learned());
    }

    /** Counts that an item is not wanted. */
    void counted(Judge.Verdict.Refused verdict) {
        verdict.reason().ifPresent(reason -> with.metrics().unwanted(lane.destination(), reason));
    }

    /**
     * Reports the outcome.
     *
     * @param milestones what was done when
     * @param learned    what the delivery index will remember if the file was delivered
     */
    void report(Outcome outcome, Map<Milestone, Instant> milestones, List<IndexUpdate> learned) {
        report(outcome, milestones, learned, List.of());
    }

    /**
     * @param seen what the delivery index will remember if the file was not delivered
     */
    private void report(
            Outcome outcome, Map<Milestone, Instant> milestones, List<IndexUpdate> learned, List<IndexUpdate> seen) {
        switch (with.protocol().conclude(outcome)) {
            case Outcome.Delivered(var receipt, var aside) -> {
                with.metrics().delivered(lane.destination());
                with.metrics().delivered(lane.destination(), receipt.bytes());
                logDelivery(receipt);
                var event = new FileEvent.Completed(id, now(), Stage.DELIVERY, attempt, receipt, milestones);
                end(event, aside, Optional.of(Result.DELIVERED), learned, aside.isPresent());
            }
            case Outcome.NotDelivered(var failure, var left) -> failed(failure, false, left, milestones, seen);
            case Outcome.SentAgain(var failure) -> failed(failure, true, Optional.empty(), milestones, List.of());
            case Outcome.Deferred deferred -> deferred(deferred);
            case Outcome.Undecided(var intent, var reason) -> {
                with.metrics().dropped(lane.destination());
                log(LOG.atWarn()).addKeyValue("failure", reason).log("The outcome is unknown; the worker settles it");
                with.undecided().accept(intent, progress);
            }
            case Outcome.Dropped() when progress.limit().isPresent() -> {
                with.metrics().dropped(lane.destination());
                log(LOG.atInfo()).log("The worker is stopping, and leaves a file to the next owner of its partition");
            }
            case Outcome.Dropped() when offset.isPresent() && progress.stands() ->
                // No other worker has the work. Without a report of this one, the record would never be done.
                failed(new Failure(FailureKind.CONNECTION_LOST, "the attempt was given up"), false, left(), milestones,
                        List.of());
            case Outcome.Dropped() -> with.metrics().dropped(lane.destination());
        }
    }

    private void deferred(Outcome.Deferred outcome) {
        if (!progress.commits()) {
            with.metrics().dropped(lane.destination());
            return;
        }
        with.metrics().deferred(lane.destination());
        log(LOG.atDebug()).addKeyValue("failure", outcome.reason()).log("An attempt is put off");
        var event =
                new FileEvent.Deferred(id, now(), Stage.DELIVERY, attempt, outcome.until(), outcome.reason());
        CommitEntry entry = CommitEntry.done(progress, offset, record(event));
        with.entries().accept(
                outcome.begun() && !anothersIntent()
                        ? entry.with(outcome.left().map(LedgerUpdate::to).orElseGet(this::cleared))
                        : entry);
    }

    private void failed(
            Failure failure,
            boolean resend,
            Optional<Staging> left,
            Map<Milestone, Instant> milestones,
            List<IndexUpdate> seen) {
        if (!progress.commits()) {
            // The connection was broken because the partition was lost.
            with.metrics().dropped(lane.destination());
            return;
        }
        with.metrics().failed(lane.destination(), failure.kind());
        logEnd(failure);
        var event = new FileEvent.Failed(id, now(), Stage.DELIVERY, attempt, failure, milestones, resend);
        boolean doubt = failure.kind() == FailureKind.IN_DOUBT && !resend;
        end(event, left, doubt ? Optional.of(Result.IN_DOUBT) : Optional.empty(), seen,
                !failure.kind().retryable());
    }

    /** The one line of a file that went well. */
    private void logDelivery(Receipt receipt) {
        LoggingEventBuilder about = log(LOG.atInfo());
        LoggingEventBuilder named = key.isEmpty() ? about : about.addKeyValue("key", key);
        named.addKeyValue("path", receipt.path())
                .addKeyValue("bytes", receipt.bytes())
                .addKeyValue("seconds", receipt.duration().toMillis() / 1000.0)
                .log("A file was delivered");
    }

    /** It is not a fault that an unwanted file is not sent. */
    private void logEnd(Failure failure) {
        if (skipped) {
            log(LOG.atInfo()).log("A sending is skipped, because an earlier one was delivered");
        } else if (failure.kind() == FailureKind.CANCELLED || failure.kind() == FailureKind.SUPERSEDED) {
            log(LOG.atInfo()).addKeyValue("failure", failure).log("A file is no longer wanted, and is not sent");
        } else {
            log(LOG.atWarn()).addKeyValue("failure", failure).log("An attempt failed");
        }
    }

    /**
     * Ends the attempt. Clears the ledger's mark of the sending, unless a file is left at the destination that must be
     * resumed or removed.
     *
     * @param removed whether that file must be removed
     */
    private void end(
            FileEvent event,
            Optional<Staging> left,
            Optional<Result> result,
            List<IndexUpdate> learned,
            boolean removed) {
        CommitEntry entry = with.protocol().end(
                CommitEntry.done(progress, offset, record(event)),
                ended -> remembering(ended, left, result, learned));
        with.entries().accept(entry);
        if (removed && left.isPresent() && entry.committed().join()) {
            // Not before the commit. Until then the file shows that nothing was published, or allows to undo the
            // publishing.
            discard(left.get());
        }
    }

    private CommitEntry remembering(
            CommitEntry ended, Optional<Staging> left, Optional<Result> result, List<IndexUpdate> learned) {
        Optional<FileOutcome> outcome = result.flatMap(this::outcome);
        List<IndexUpdate> indexed = new ArrayList<>(learned);
        outcome.map(IndexUpdate::to).ifPresent(indexed::add);
        if (anothersIntent()) {
            return ended.with(indexed);
        }
        // The next item of the path may begin before this is committed, and must not find it out again.
        progress.ledger().decide(id, attempt.sending(), outcome);
        return ended.with(indexed).with(left.map(LedgerUpdate::to).orElseGet(this::cleared));
    }

    /** Whether the sending's mark is an intent of another attempt, which stays until it is resolved. */
    private boolean anothersIntent() {
        return progress.ledger().prepared().stream()
                .anyMatch(mark -> mark.key().equals(LedgerMark.key(id, attempt.sending()))
                        && !mark.attempt().equals(attempt));
    }

    /** What the delivery index will remember; empty if the outcome of a later sending is known. */
    private Optional<FileOutcome> outcome(Result result) {
        boolean later =
                progress.ledger().outcomeOf(id).filter(known -> known.sending() > attempt.sending()).isPresent();
        Instant expires = now().plus(progress.ledger().keep());
        return later ? Optional.empty() : Optional.of(new FileOutcome(id, attempt.sending(), result, expires));
    }

    private LedgerUpdate cleared() {
        return LedgerUpdate.clear(id, attempt.sending());
    }

    private void discard(Staging left) {
        if (with.deliverer().discard(left)) {
            with.entries().accept(CommitEntry.marking(progress, OptionalLong.empty(), cleared()));
        }
    }

    private Instant now() {
        return with.time().instant();
    }

    private ProducerRecord<byte[], byte[]> record(FileEvent event) {
        return with.topics().fileEvents().record(event.id(), event);
    }

    LoggingEventBuilder log(LoggingEventBuilder log) {
        return log.addKeyValue("fileId", id)
                .addKeyValue("destination", lane.destination())
                .addKeyValue("lane", lane.number())
                .addKeyValue("attempt", attempt);
    }
}
