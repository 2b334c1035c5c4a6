package io.waybill.worker.delivery;

import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Renames first and commits then, as transfer tools do: a crash between the two sends a file twice. */
final class CommitAfterRename implements PublishProtocol {
    @Override
    public boolean prepare(CommitEntry intent, Consumer<CommitEntry> entries, LaneScheduler.Slot slot) {
        return false;
    }

    @Override
    public Outcome conclude(Outcome outcome) {
        return outcome instanceof Outcome.Undecided(var _, var reason)
                ? new Outcome.NotDelivered(reason, Optional.empty())
                : outcome;
    }

    @Override
    public CommitEntry end(CommitEntry event, UnaryOperator<CommitEntry> remember) {
        return event;
    }
}
