package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.Milestone;
import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.LedgerEntries;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings items and intents to their end. Any thread. */
public final class Executions {
    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    private final Reporting reporting;
    private final Deliverer deliverer;
    private final Judge judge;
    private final StagingCleaner cleaner;

    public Executions(Reporting reporting, Judge judge, StagingCleaner cleaner) {
        this.reporting = reporting;
        this.deliverer = reporting.deliverer();
        this.judge = judge;
        this.cleaner = cleaner;
    }

    /**
     * Executes an item to its end.
     *
     * @param received when the worker read the item
     * @param slot     the item's slot in its lane, released while the item waits for a commit
     */
    void execute(
            Lane lane,
            TransferWork work,
            PartitionProgress progress,
            long offset,
            Instant received,
            LaneScheduler.Slot slot) {
        if (!progress.stands() || progress.limit().isPresent()) {
            return;
        }
        progress.ledger().keep(work.keep());
        var reporter =
                new AttemptReporter(reporting, work.id(), work.attempt(), lane, progress, OptionalLong.of(offset))
                        .of(work.source().key());
        switch (verdict(work, reporter)) {
            case Judge.Verdict.Wanted() -> begin(work, reporter, received, slot);
            case Judge.Verdict.Refused refused -> reporter.refused(refused);
            case Judge.Verdict.Resolved() -> reporter.finished();
            case Judge.Verdict.Early early -> reporter.putOff(early);
        }
    }

    /** Whether to carry out the item. The first verdict other than Wanted decides. */
    private Judge.Verdict verdict(TransferWork work, AttemptReporter reporter) {
        LedgerEntries ledger = reporter.progress().ledger();
        Predicate<Prepared> own = intent -> intent.id().equals(work.id());
        try {
            // Looked up before anything is resolved, because the commit may remove the mark meanwhile.
            Judge.Verdict taken = justDelivered(work, reporter.progress());
            var verdicts = Stream.<Supplier<Judge.Verdict>>of(
                    // An intent of the file counts until it is resolved, whatever an operator asked for since. The judge
                    // needs its outcome.
                    () -> resolveOlder(work, reporter.progress(), own),
                    // A doubt comes before the question whether the item is wanted. If the item were only dropped, nobody
                    // would hear of the doubt.
                    () -> judge.known(work, ledger),
                    () -> judge.asked(work),
                    // Before the store or the destination is asked about anything else.
                    () -> halted(work),
                    () -> taken,
                    () -> resolveOlder(work, reporter.progress(), own.negate()),
                    () -> judge.newest(work, ledger),
                    () -> judge.unchanged(work, ledger, reporting.time().instant()));
            return verdicts
                    .map(Supplier::get)
                    .filter(verdict -> !(verdict instanceof Judge.Verdict.Wanted))
                    .findFirst()
                    .orElseGet(Judge.Verdict.Wanted::new);
        } catch (RuntimeException e) {
            reporter.log(LOG.atError()).setCause(e).log("An item hit a fault of Waybill before it began");
            return new Judge.Verdict.Refused(new Failure(FailureKind.INTERNAL, e.toString()), Optional.empty());
        }
    }

    private Judge.Verdict halted(TransferWork work) {
        return judge.halted(work).<Judge.Verdict>map(early -> early).orElseGet(Judge.Verdict.Wanted::new);
    }

    private static Judge.Verdict justDelivered(TransferWork work, PartitionProgress progress) {
        return progress.ledger()
                .justDelivered(work)
                .filter(_ -> work.onConflict() == ConflictPolicy.REPLACE)
                .map(other -> nameTaken(work, other, progress))
                .orElseGet(Judge.Verdict.Wanted::new);
    }

    /**
     * Resolves older intents for the file or for its path first, because they might otherwise be published after this one.
     */
    private Judge.Verdict resolveOlder(TransferWork work, PartitionProgress progress, Predicate<Prepared> which) {
        Judge.Verdict result = new Judge.Verdict.Wanted();
        @Nullable RemotePath taken = null;
        for (Prepared older : progress.ledger().before(work).stream().filter(which).toList()) {
            Outcome outcome = resolveNow(older, progress);
            Optional<Judge.Verdict.Early> early = early(older, outcome);
            if (early.isPresent()) {
                return early.get();
            }
            boolean same = older.id().equals(work.id());
            if (same && (older.attempt().compareTo(work.attempt()) >= 0 || outcome instanceof Outcome.Delivered)) {
                result = new Judge.Verdict.Resolved();
            }
            if (outcome instanceof Outcome.Delivered(var receipt, var _)
                    && wouldReplace(work, receipt.path(), progress.ledger())) {
                taken = receipt.path();
            }
        }
        return result instanceof Judge.Verdict.Wanted && taken != null ? nameTaken(work, taken, progress) : result;
    }

    /** Why an item must wait; empty if it need not. */
    private static Optional<Judge.Verdict.Early> early(Prepared older, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Undecided(_, var reason) -> Optional.of(early(older, reason));
            case Outcome.Deferred deferred -> Optional.of(early(older, deferred.reason()));
            case Outcome.Dropped() ->
                Optional.of(early(older, new Failure(FailureKind.CONNECTION_LOST, "settling it was given up")));
            case Outcome.Delivered _, Outcome.NotDelivered _,Outcome.SentAgain _ -> Optional.empty();
        };
    }

    private static Judge.Verdict.Early early(Prepared older, Failure reason) {
        return new Judge.Verdict.Early(new Failure(
                reason.kind(),
                "an older transfer to '" + older.target().path() + "', attempt " + older.attempt() + " of file "
                        + older.id() + ", is undecided, and must be decided first: " + reason.detail()),
                Optional.empty());
    }

    /**
     * Whether the file would replace a file with another name. Replacing is meant for the next version of the same name.
     * The operator knows that the server takes two names for one; the people who named the files hardly know it.
     */
    private static boolean wouldReplace(TransferWork work, RemotePath other, LedgerEntries ledger) {
        RemotePath path = work.target().path();
        return work.onConflict() == ConflictPolicy.REPLACE
                && !path.equals(other)
                && ledger.folding(work.target().destination()).meet(path, other);
    }

    /** The destination has a file with another name, and takes that name and this file's name for one. */
    private static Judge.Verdict nameTaken(TransferWork work, RemotePath other, PartitionProgress progress) {
        NameFolding folding = progress.ledger().folding(work.target().destination());
        return new Judge.Verdict.Refused(
                new Failure(
                        FailureKind.NAME_CONFLICT,
                        "the destination takes '" + work.target().path() + "' and '" + other
                                + "' for one name (foldNames: "
                                + folding.name().toLowerCase(Locale.ROOT) + "), and '" + other
                                + "' was delivered there a moment ago; it is not replaced, since it is another file"),
                Optional.empty());
    }

    private void begin(TransferWork work, AttemptReporter reporter, Instant received, LaneScheduler.Slot slot) {
        reporting.metrics().started(reporter.lane().destination());
        try (var journal = new ExecutionJournal(
                work,
                reporter,
                reporting,
                judge,
                directory -> cleaner.saw(reporter.progress(), reporter.lane(), directory),
                slot)) {
            journal.received(received);
            Outcome outcome = guarded(reporter, () -> deliverer.deliver(work, reporter.lane(), journal));
            reporter.report(outcome, journal.milestones(), journal.learned());
        }
    }

    /** Resolves an intent of an earlier execution. */
    void resolve(Prepared intent, PartitionProgress progress) {
        if (progress.stands() && progress.ledger().has(intent)) {
            var _ = resolveNow(intent, progress);
        }
    }

    private Outcome resolveNow(Prepared intent, PartitionProgress progress) {
        var lane = new Lane(intent.target().destination(), intent.lane());
        var reporter =
                new AttemptReporter(reporting, intent.id(), intent.attempt(), lane, progress, OptionalLong.empty());
        reporting.metrics().started(lane.destination());
        Outcome outcome =
                guarded(reporter, () -> deliverer.resolve(intent, () -> progress.proveOwned(reporting.entries())));
        if (outcome instanceof Outcome.Deferred) {
            // An intent is not deferred: it is committed, and the worker resolves it later. The breaker reported the outage
            // when it opened.
            reporting.metrics().dropped(lane.destination());
            reporting.undecided().accept(intent, progress);
        } else {
            reporter.report(outcome, resolvedMilestones(intent, outcome), List.of());
        }
        return outcome;
    }

    /** The execution that took the steps before these could not report them, or did not live to do so. */
    private Map<Milestone, Instant> resolvedMilestones(Prepared intent, Outcome outcome) {
        return outcome instanceof Outcome.Delivered
                ? Map.of(Milestone.PREPARED, intent.at(), Milestone.PUBLISHED, reporting.time().instant())
                : Map.of(Milestone.PREPARED, intent.at());
    }

    private Outcome guarded(AttemptReporter reporter, Supplier<Outcome> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            // The one place where a fault of Waybill does not stop the worker. The fault concerns one file, whose staging
            // file has its own name. The file's history shows the fault.
            reporter.log(LOG.atError()).setCause(e).log("An execution hit a fault of Waybill");
            var failure = new Failure(FailureKind.INTERNAL, e.toString());
            return reporter.intent()
                    .<Outcome>map(intent -> new Outcome.Undecided(intent, failure))
                    .orElseGet(() -> new Outcome.NotDelivered(failure));
        }
    }
}
