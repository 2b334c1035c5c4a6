package io.waybill.runtime.ledger;

import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The view of one partition of work in the ledger. Unless the partition is on hold, its position is there: the position
 * found, or the beginning of a partition that nobody has worked on.
 *
 * @param position    the position of the partition; if it is on hold, as found, if there was one
 * @param marks       work that is begun and not over, by {@link LedgerMark#key()}; no {@link Position} among them
 * @param work        the ends of the partition of work
 * @param groupOffset the committed offset of the workers' group; it decides nothing if there is a position
 * @param hold        why no work may be taken from the partition before a person has said where to continue; for people
 * @param unreadable  marks that cannot be read, oldest first; while there is one, the partition is on hold
 * @param index       the memory of finished deliveries, which the partition's owner keeps up to date; empty if only the
 *                    ledger was read
 */
public record LedgerView(
        int partition,
        Optional<Position> position,
        Map<String, LedgerMark> marks,
        Bounds work,
        OptionalLong groupOffset,
        Optional<String> hold,
        List<Unreadable> unreadable,
        DeliveryIndex index) {
    public LedgerView {
        marks = Map.copyOf(marks);
        unreadable = List.copyOf(unreadable);
        if (position.isEmpty() && hold.isEmpty()) {
            throw new IllegalArgumentException("partition " + partition + " has neither a position nor a reason why");
        }
    }

    /**
     * A mark that cannot be read.
     *
     * @param key    the record's key, byte for byte; only a tombstone with this key ends the mark
     * @param name   the key as text
     * @param reason for people
     */
    public record Unreadable(ByteBuffer key, String name, String reason) {
        public Unreadable {
            key = key.asReadOnlyBuffer();
        }

        /** The bytes of the key. */
        public byte[] rawKey() {
            var bytes = new byte[key.remaining()];
            key.duplicate().get(bytes);
            return bytes;
        }
    }

    /** A view of a partition of which all marks can be read, and whose index was not read. */
    public LedgerView(
            int partition,
            Optional<Position> position,
            Map<String, LedgerMark> marks,
            Bounds work,
            OptionalLong groupOffset,
            Optional<String> hold) {
        this(partition, position, marks, work, groupOffset, hold, List.of(), new DeliveryIndex());
    }

    /** Files that are whole under their staging names, and get or have their final names. */
    public List<Prepared> prepared() {
        return of(Prepared.class);
    }

    /** Uploads with a safe part. */
    public List<Staging> staging() {
        return of(Staging.class);
    }

    private <M extends LedgerMark> List<M> of(Class<M> kind) {
        return marks.values().stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
