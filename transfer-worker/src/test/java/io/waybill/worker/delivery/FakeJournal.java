package io.waybill.worker.delivery;

import io.waybill.domain.Failure;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.worker.partition.OwnershipGuard;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.StagingTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The journal of an execution that keeps its partition, unless told otherwise. */
final class FakeJournal implements Journal {
    private final StagingTokens tokens = new StagingTokens("p0-test");
    private final String token = tokens.next();
    private final List<Prepared> intents = new ArrayList<>();
    private final List<Staging> notes = new ArrayList<>();
    private final List<Milestone> milestones = new ArrayList<>();
    private OwnershipGuard guard = OwnershipGuard.UNLIMITED;
    private Optional<Staging> left = Optional.empty();
    private Optional<Failure> unwanted = Optional.empty();
    private boolean commits = true;
    private final Set<String> replaceProven = new HashSet<>();

    static FakeJournal under(OwnershipGuard guard) {
        var journal = new FakeJournal();
        journal.guard = guard;
        return journal;
    }

    /** The file is not wanted any more when the ownership ends, or when it is about to be prepared. */
    static FakeJournal unwanted(OwnershipGuard guard, Failure failure) {
        FakeJournal journal = under(guard);
        journal.unwanted = Optional.of(failure);
        return journal;
    }

    /** An earlier execution left something. */
    static FakeJournal after(Optional<Staging> left) {
        var journal = new FakeJournal();
        journal.left = left;
        return journal;
    }

    /** The commit of the intent ends in the unknown. */
    static FakeJournal withoutCommit() {
        var journal = new FakeJournal();
        journal.commits = false;
        return journal;
    }

    List<Prepared> intents() {
        return intents;
    }

    List<Milestone> milestones() {
        return milestones;
    }

    List<Staging> notes() {
        return notes;
    }

    @Override
    public boolean stands() {
        return guard.stands();
    }

    @Override
    public Optional<Duration> limit() {
        return guard.limit();
    }

    @Override
    public Optional<Failure> unwanted() {
        return unwanted;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public Optional<Staging> left() {
        return left;
    }

    @Override
    public void reached(Milestone milestone) {
        milestones.add(milestone);
    }

    @Override
    public void stagesIn(String directory) {
        // Nobody clears up after these executions.
    }

    @Override
    public void proveOwnership() throws OwnershipLostException {
        check();
    }

    @Override
    public boolean replaceProven(String server, String directory) {
        return replaceProven.contains(server + directory);
    }

    @Override
    public void noteReplaceProven(String server, String directory) {
        replaceProven.add(server + directory);
    }

    /** Knows as well what another has seen. */
    FakeJournal knowing(FakeJournal other) {
        replaceProven.addAll(other.replaceProven);
        return this;
    }

    @Override
    public void note(Staging mark) {
        notes.add(mark);
    }

    @Override
    public void prepare(Prepared intent) throws OwnershipLostException {
        intents.add(intent);
        if (!commits) {
            throw new OwnershipLostException();
        }
    }
}
