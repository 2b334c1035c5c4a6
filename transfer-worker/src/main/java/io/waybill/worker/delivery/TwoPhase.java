package io.waybill.worker.delivery;

import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.OwnershipLostException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Commits the intent, lets the file get its final name, and commits what came of it. Any thread. */
final class TwoPhase implements PublishProtocol {
    @Override
    public boolean prepare(CommitEntry intent, Consumer<CommitEntry> entries, LaneScheduler.Slot slot)
            throws OwnershipLostException {
        // From here on the ledger knows all that is needed, and the record is never read again.
        entries.accept(intent);
        // The connection is free until the commit is known, for so much longer than the rename takes afterwards that it
        // is not waited for again.
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
