package io.waybill.worker.delivery;

import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.OwnershipLostException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Commits the intent, lets the file get its final name, and commits the outcome. Any thread. */
final class TwoPhase implements PublishProtocol {
    @Override
    public boolean prepare(CommitEntry intent, Consumer<CommitEntry> entries, LaneScheduler.Slot slot)
            throws OwnershipLostException {
        // From here on the ledger holds everything that is needed, and nobody reads the record again.
        entries.accept(intent);
        // Other items use the connection until the commit is known. That takes so much longer than the rename afterwards
        // that the item does not wait for its slot again.
        slot.release();
        intent.awaitCommitted();
        return true;
    }

    @Override
    public Outcome conclude(Outcome outcome) {
        return outcome;
    }

    @Override
    public CommitEntry end(CommitEntry event, UnaryOperator<CommitEntry> remember) {
        return remember.apply(event);
    }
}
