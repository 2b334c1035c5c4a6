package io.waybill.worker;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Stage;
import io.waybill.domain.Step;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Brings items and intents to their end, and turns what comes of them into reports. Any thread. */
final class Executions {
    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    /** When to look again whether what an item waits for is settled. */
    private static final Duration AFTER_THE_OLDER = Duration.ofSeconds(30);

    private final Topics topics;
    private final Carrier carrier;
    private final Consumer<Report> reports;
    private final BiConsumer<Prepared, PartitionProgress> undecided;
    private final Janitor janitor;
    private final Experiment.Protocol protocol;
    private final String worker;
    private final WorkerMetrics metrics;
    private final InstantSource time;

    /**
     * @param undecided takes what is to be settled later
     * @param worker    this worker's name, for Started events
     */
    Executions(
            Topics topics,
            Carrier carrier,
            Consumer<Report> reports,
            BiConsumer<Prepared, PartitionProgress> undecided,
            Janitor janitor,
            Experiment.Protocol protocol,
            String worker,
            WorkerMetrics metrics,
            InstantSource time) {
        this.topics = topics;
        this.carrier = carrier;
        this.reports = reports;
        this.undecided = undecided;
        this.janitor = janitor;
        this.protocol = protocol;
        this.worker = worker;
        this.metrics = metrics;
        this.time = time;
    }

    /**
     * Executes an item to its end.
     *
     * @param received when it was read
     * @param turn     the item's place in its lane, passed on while a commit is awaited
     */
    void execute(
            Lane lane,
            TransferWork work,
            PartitionProgress progress,
            long offset,
            Instant received,
            Lanes.Turn turn) {
        if (!progress.stands()) {
            return;
        }
        var told = new Told(work.id(), work.attempt(), lane, progress, OptionalLong.of(offset));
        switch (settleOlder(work, told)) {
            case NONE -> begin(work, told, received, turn);
            // The older one is what happened to this file, or will be reported as its failure.
            case DECIDED -> told.finished();
            case NAME_TAKEN -> {
                // It is told why.
            }
            case UNDECIDED -> told.putOff("the destination must tell first what became of an older transfer to "
                    + work.target().path());
        }
    }

    private enum Older {
        NONE,
        DECIDED,
        NAME_TAKEN,
        UNDECIDED
    }

    /** An older intent for the file or for its path might be published later than this one, and so is settled first. */
    private Older settleOlder(TransferWork work, Told told) {
        PartitionProgress progress = told.progress;
        Older result = Older.NONE;
        @Nullable RemotePath taken = null;
        for (Prepared older : progress.marks().before(work)) {
            Outcome outcome = settleNow(older, progress);
            if (outcome instanceof Outcome.Undecided || outcome instanceof Outcome.Deferred) {
                return Older.UNDECIDED;
            }
            boolean same = older.id().equals(work.id());
            if (same && (older.attempt().compareTo(work.attempt()) >= 0 || outcome instanceof Outcome.Delivered)) {
                result = Older.DECIDED;
            }
            if (outcome instanceof Outcome.Delivered(var receipt, var _)
                    && wouldReplace(work, receipt.path(), progress.marks())) {
                taken = receipt.path();
            }
        }
        if (result == Older.NONE && taken != null) {
            told.nameTaken(work, taken);
            return Older.NAME_TAKEN;
        }
        return result;
    }

    /**
     * Whether the file would replace one of another name. To replace is meant for the next version of a name; that the
     * server takes two names for one is known to the operator, and hardly to whoever named the files.
     */
    private static boolean wouldReplace(TransferWork work, RemotePath other, Marks marks) {
        RemotePath path = work.target().path();
        return work.onConflict() == ConflictPolicy.REPLACE
                && !path.equals(other)
                && marks.folding(work.target().destination()).meet(path, other);
    }

    private void begin(TransferWork work, Told told, Instant received, Lanes.Turn turn) {
        metrics.started(told.lane.destination());
        told.event(new FileEvent.Started(work.id(), time.instant(), Stage.DELIVERY, work.attempt(), worker));
        try (var journal = new ExecutionJournal(
                work,
                told.progress,
                told.offset,
                reports,
                directory -> janitor.saw(told.progress, told.lane, directory),
                turn,
                protocol,
                time)) {
            journal.received(received);
            Outcome outcome = guarded(told, () -> carrier.carry(work, told.lane, journal));
            told.report(outcome, journal.steps());
        }
    }

    /** Settles an intent of an earlier execution. */
    void settle(Prepared intent, PartitionProgress progress) {
        if (progress.stands() && progress.marks().has(intent)) {
            var _ = settleNow(intent, progress);
        }
    }

    private Outcome settleNow(Prepared intent, PartitionProgress progress) {
        var lane = new Lane(intent.target().destination(), intent.lane());
        var told = new Told(intent.id(), intent.attempt(), lane, progress, OptionalLong.empty());
        metrics.started(lane.destination());
        Outcome outcome = guarded(told, () -> carrier.settle(intent, () -> prove(progress)));
        if (outcome instanceof Outcome.Deferred) {
            // An intent is not deferred: what is committed stands, and is looked at again. That the destination is down
            // was said when its breaker opened.
            metrics.dropped(lane.destination());
            undecided.accept(intent, progress);
        } else {
            told.report(outcome, settledSteps(intent, outcome));
        }
        return outcome;
    }

    private void prove(PartitionProgress progress) throws MandateLostException {
        Report nothing = Report.finishing(progress, OptionalLong.empty());
        reports.accept(nothing);
        if (!nothing.committed().join()) {
            throw new MandateLostException();
        }
    }

    /** Who had taken the steps before them did not live to tell, or could not. */
    private Map<Step, Instant> settledSteps(Prepared intent, Outcome outcome) {
        return outcome instanceof Outcome.Delivered
                ? Map.of(Step.PREPARED, intent.at(), Step.PUBLISHED, time.instant())
                : Map.of(Step.PREPARED, intent.at());
    }

    private Outcome guarded(Told told, Supplier<Outcome> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            // The one place where a fault of ours is kept from stopping the worker: it concerns one file, whose staging
            // file has a name of its own, and who looks at the file finds the fault in its history.
            told.log(LOG.atError()).setCause(e).log("An execution hit a fault of Waybill");
            var failure = new Failure(FailureKind.INTERNAL, e.toString());
            return told.intent()
                    .<Outcome>map(intent -> new Outcome.Undecided(intent, failure))
                    .orElseGet(() -> new Outcome.NotDelivered(failure));
        }
    }

    /** What is told of one attempt. */
    private final class Told {
        private final FileId id;
        private final Attempt attempt;
        private final Lane lane;
        private final PartitionProgress progress;
        private final OptionalLong offset;

        Told(FileId id, Attempt attempt, Lane lane, PartitionProgress progress, OptionalLong offset) {
            this.id = id;
            this.attempt = attempt;
            this.lane = lane;
            this.progress = progress;
            this.offset = offset;
        }

        /** The intent of this attempt, if one is committed. */
        Optional<Prepared> intent() {
            return progress.marks().prepared().stream()
                    .filter(mark -> mark.id().equals(id) && mark.attempt().equals(attempt))
                    .findAny();
        }

        void event(FileEvent event) {
            reports.accept(Report.underWay(progress, record(event)));
        }

        /** The item waits until what goes before it is settled. */
        void putOff(String reason) {
            metrics.started(lane.destination());
            report(new Outcome.Deferred(
                    time.instant().plus(AFTER_THE_OLDER), new Failure(FailureKind.UNREACHABLE, reason)), Map.of());
        }

        /** The destination has a file of another name, which it takes for this file's. */
        void nameTaken(TransferWork work, RemotePath other) {
            metrics.started(lane.destination());
            var failure = new Failure(
                    FailureKind.NAME_CONFLICT,
                    "the destination takes '" + work.target().path() + "' and '" + other + "' for one name (foldNames: "
                            + progress.marks().folding(lane.destination()).name().toLowerCase(Locale.ROOT)
                            + "), and '" + other + "' was delivered there a moment ago; it is not replaced, since it is"
                            + " another file");
            Optional<Staging> left = progress.marks().staging(id, attempt.sending());
            report(new Outcome.NotDelivered(failure, left), Map.of());
        }

        /** Nothing is to be told of the item. */
        void finished() {
            reports.accept(Report.finishing(progress, offset));
        }

        void report(Outcome outcome, Map<Step, Instant> steps) {
            switch (outcome) {
                case Outcome.Delivered(var receipt, var _) -> {
                    metrics.delivered(lane.destination());
                    log(LOG.atDebug()).log("A file was delivered");
                    var event = new FileEvent.Completed(id, time.instant(), Stage.DELIVERY, attempt, receipt, steps);
                    reports.accept(settling(event, Optional.empty()));
                }
                case Outcome.NotDelivered(var failure, var left) -> failed(failure, left, steps);
                case Outcome.Deferred(var until, var reason) -> {
                    metrics.deferred(lane.destination());
                    log(LOG.atDebug()).addKeyValue("failure", reason).log("An attempt is put off");
                    var event = new FileEvent.Deferred(
                            id, time.instant(), Stage.DELIVERY, attempt, until, reason);
                    reports.accept(Report.done(progress, offset, record(event)));
                }
                case Outcome.Undecided(_, var reason) when protocol == Experiment.Protocol.COMMIT_AFTER_RENAME ->
                    failed(reason, Optional.empty(), steps);
                case Outcome.Undecided(var intent, var reason) -> {
                    metrics.dropped(lane.destination());
                    log(LOG.atWarn()).addKeyValue("failure", reason).log("What became of a file is to be found out");
                    undecided.accept(intent, progress);
                }
                case Outcome.Dropped() -> metrics.dropped(lane.destination());
            }
        }

        private void failed(Failure failure, Optional<Staging> left, Map<Step, Instant> steps) {
            if (!progress.commits()) {
                // The connection was broken because the partition was lost.
                metrics.dropped(lane.destination());
                return;
            }
            metrics.failed(lane.destination(), failure.kind());
            log(LOG.atWarn()).addKeyValue("failure", failure).log("An attempt failed");
            var event = new FileEvent.Failed(id, time.instant(), Stage.DELIVERY, attempt, failure, steps);
            Report report = settling(event, left.map(MarkChange::to));
            reports.accept(report);
            if (left.isPresent() && !failure.kind().retryable() && report.committed().join()) {
                // Not before: until then the withdrawn file is what tells that it was not published.
                discard(left.get());
            }
        }

        private void discard(Staging left) {
            if (carrier.discard(left)) {
                reports.accept(Report.marking(
                        progress, OptionalLong.empty(), MarkChange.clear(id, attempt.sending())));
            }
        }

        /** Ends the attempt; what the ledger says of the sending goes with it, unless something else takes its place. */
        private Report settling(FileEvent event, Optional<MarkChange> instead) {
            Report report = Report.done(progress, offset, record(event));
            return protocol == Experiment.Protocol.COMMIT_AFTER_RENAME
                    ? report
                    : report.with(instead.orElseGet(() -> MarkChange.clear(id, attempt.sending())));
        }

        private ProducerRecord<byte[], byte[]> record(FileEvent event) {
            return topics.fileEvents().record(event.id(), event);
        }

        LoggingEventBuilder log(LoggingEventBuilder log) {
            return log.addKeyValue("fileId", id)
                    .addKeyValue("destination", lane.destination())
                    .addKeyValue("lane", lane.number())
                    .addKeyValue("attempt", attempt);
        }
    }

}
