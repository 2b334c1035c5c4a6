package io.waybill.worker.delivery;

import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.OwnershipLostException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * When the worker commits what it reports about a file. The product has one protocol, {@link #TWO_PHASE}. Tests and
 * measurements use other protocols, which show what this one prevents and costs. Any thread.
 */
public interface PublishProtocol {
    /** The intent is committed before the rename: exactly once. */
    PublishProtocol TWO_PHASE = new TwoPhase();

    /**
     * Called right before a file gets its final name.
     *
     * @param intent  says that the file is about to get it
     * @param entries takes the entries to commit
     * @param slot    the file's slot, to be released while the thread waits for a commit
     * @return true once the intent is committed; false if this protocol commits none
     * @throws OwnershipLostException if the intent is not known to be committed
     */
    boolean prepare(CommitEntry intent, Consumer<CommitEntry> entries, LaneScheduler.Slot slot)
            throws OwnershipLostException;

    /** The outcome to report for an execution with this outcome. */
    Outcome conclude(Outcome outcome);

    /**
     * The entry to commit when an attempt ends.
     *
     * @param event    reports the end to other services
     * @param remember adds the new content of the ledger and of the delivery index
     */
    CommitEntry end(CommitEntry event, UnaryOperator<CommitEntry> remember);
}
