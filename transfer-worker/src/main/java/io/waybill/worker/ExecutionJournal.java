package io.waybill.worker;

import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Step;
import io.waybill.domain.TransferWork;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The journal of an execution under one assignment. Closed when the last report of the execution is posted. */
final class ExecutionJournal implements Journal, AutoCloseable {
    private final TransferWork work;
    private final PartitionProgress progress;
    private final OptionalLong offset;
    private final Consumer<Report> reports;
    private final Consumer<RemotePath> places;
    private final Lanes.Turn turn;
    private final Experiment.Protocol protocol;
    private final InstantSource time;
    private final String token;
    private final Map<Step, Instant> steps = new EnumMap<>(Step.class);
    private boolean publishing;

    ExecutionJournal(
            TransferWork work,
            PartitionProgress progress,
            OptionalLong offset,
            Consumer<Report> reports,
            Consumer<RemotePath> places,
            Lanes.Turn turn,
            Experiment.Protocol protocol,
            InstantSource time) {
        this.work = work;
        this.progress = progress;
        this.offset = offset;
        this.reports = reports;
        this.places = places;
        this.turn = turn;
        this.protocol = protocol;
        this.time = time;
        this.token = progress.tokens().next();
    }

    @Override
    public boolean stands() {
        return progress.stands();
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public void reached(Step step) {
        steps.put(step, time.instant());
    }

    /** The work was read, before this execution began. */
    void received(Instant at) {
        steps.put(Step.RECEIVED, at);
    }

    /** What was done when, so far. */
    Map<Step, Instant> steps() {
        return Map.copyOf(steps);
    }

    @Override
    public Optional<Staging> left() {
        return progress.marks().staging(work.id(), work.attempt().sending());
    }

    @Override
    public void stagesIn(RemotePath directory) {
        places.accept(directory);
    }

    @Override
    public void proveOwnership() throws MandateLostException {
        commit(Report.finishing(progress, OptionalLong.empty()));
    }

    private void commit(Report report) throws MandateLostException {
        reports.accept(report);
        await(report);
    }

    private static void await(Report report) throws MandateLostException {
        if (!report.committed().join()) {
            throw new MandateLostException();
        }
    }

    @Override
    public void note(Staging mark) {
        reports.accept(Report.marking(progress, OptionalLong.empty(), MarkChange.to(mark)));
    }

    @Override
    public void prepare(Prepared intent) throws MandateLostException {
        if (!publishing) {
            publishing = progress.publishing();
        }
        if (!publishing) {
            throw new MandateLostException();
        }
        if (protocol == Experiment.Protocol.COMMIT_AFTER_RENAME) {
            return;
        }
        Report report = Report.marking(progress, offset, MarkChange.to(intent));
        // From here on the ledger knows all that is needed, and the record is never read again.
        reports.accept(report);
        // The connection is free until the commit is known, for so much longer than the rename takes afterwards that it
        // is not waited for again.
        turn.passOn();
        await(report);
        reached(Step.PREPARED);
    }

    @Override
    public void close() {
        progress.tokens().retire(token);
        if (publishing) {
            progress.published();
        }
    }
}
