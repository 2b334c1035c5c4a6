package io.waybill.runtime.ledger;

import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the ledger says of one partition of work. Unless the partition is on hold its position is there: as it was found,
 * or the beginning of a partition that nobody has worked on.
 *
 * @param position    where the partition stands; on hold as it was found, if it was
 * @param marks       what is begun and not over, by {@link LedgerMark#key()}; no {@link Position} among them
 * @param work        the ends of the partition of work
 * @param groupOffset what the group of the workers has committed there, which decides nothing where there is a position
 * @param hold        why nothing may be taken from the partition before a person has said where to go on; for people
 * @param index       what is remembered of deliveries that are over, for the partition's owner to keep up; empty if only the
 *                    ledger was read
 */
public record LedgerView(
        int partition,
        Optional<Position> position,
        Map<String, LedgerMark> marks,
        Bounds work,
        OptionalLong groupOffset,
        Optional<String> hold,
        DeliveryIndex index) {
    public LedgerView {
        marks = Map.copyOf(marks);
        if (position.isEmpty() && hold.isEmpty()) {
            throw new IllegalArgumentException("partition " + partition + " has neither a position nor a reason why");
        }
    }

    /** Of a partition whose index was not read. */
    public LedgerView(
            int partition,
            Optional<Position> position,
            Map<String, LedgerMark> marks,
            Bounds work,
            OptionalLong groupOffset,
            Optional<String> hold) {
        this(partition, position, marks, work, groupOffset, hold, new DeliveryIndex());
    }

    /** Files that are whole under their staging names, and get or have their final names. */
    public List<Prepared> prepared() {
        return of(Prepared.class);
    }

    /** Uploads of which a part is safe. */
    public List<Staging> staging() {
        return of(Staging.class);
    }

    private <M extends LedgerMark> List<M> of(Class<M> kind) {
        return marks.values().stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
