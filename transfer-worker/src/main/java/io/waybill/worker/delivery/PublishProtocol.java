package io.waybill.worker.delivery;

import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.OwnershipLostException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * When what is said of a file is committed. The product has one protocol, {@link #TWO_PHASE}. Tests and measurements bring
 * others, which show what it prevents and what it costs. Any thread.
 */
public interface PublishProtocol {
    /** The intent is committed before the rename: exactly once. */
    PublishProtocol TWO_PHASE = new TwoPhase();

    /**
     * Called right before a file gets its final name.
     *
     * @param intent  says that it is about to get it
     * @param entries takes what is to be committed
     * @param slot    of the file, to be released while a commit is awaited
     * @return true once the intent is committed; false if this protocol commits none
     * @throws OwnershipLostException if the intent is not known to be committed
     */
    boolean prepare(CommitEntry intent, Consumer<CommitEntry> entries, LaneScheduler.Slot slot)
            throws OwnershipLostException;

    /** What is reported of an execution of which this came. */
    Outcome conclude(Outcome outcome);

    /**
     * What is committed when an attempt ends.
     *
     * @param event    tells others of the end
     * @param remember adds what the ledger and the delivery index say from then on
     */
    CommitEntry end(CommitEntry event, UnaryOperator<CommitEntry> remember);
}
