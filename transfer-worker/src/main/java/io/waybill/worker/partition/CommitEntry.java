package io.waybill.worker.partition;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An entry for the next transaction of a partition.
 *
 * @param progress  the assignment under which the entry was made
 * @param finished  the offset of the record that this entry finishes; empty if there is none
 * @param records   the records to send to other services
 * @param update    the update of the partition's ledger
 * @param indexed   the updates of the partition's delivery index
 * @param sweep     if present, the transaction removes some index entries that have expired by then
 * @param committed completes with true when all of it is committed, with false when none of it is known to be committed
 */
public record CommitEntry(
        PartitionProgress progress,
        OptionalLong finished,
        List<ProducerRecord<byte[], byte[]>> records,
        Optional<LedgerUpdate> update,
        List<IndexUpdate> indexed,
        Optional<Instant> sweep,
        CompletableFuture<Boolean> committed) {

    /** Sends a record. */
    public static CommitEntry underWay(PartitionProgress progress, ProducerRecord<byte[], byte[]> record) {
        return of(progress, OptionalLong.empty(), List.of(record), Optional.empty());
    }

    /** Updates the ledger. */
    public static CommitEntry marking(PartitionProgress progress, OptionalLong finished, LedgerUpdate update) {
        return of(progress, finished, List.of(), Optional.of(update));
    }

    /** Updates the delivery index, for later deliveries. */
    public static CommitEntry indexing(PartitionProgress progress, IndexUpdate update) {
        return of(progress, OptionalLong.empty(), List.of(), Optional.empty()).with(List.of(update));
    }

    /** Removes some expired entries of the delivery index. */
    public static CommitEntry sweeping(PartitionProgress progress, Instant now) {
        return new CommitEntry(progress, OptionalLong.empty(), List.of(), Optional.empty(), List.of(), Optional.of(now),
                new CompletableFuture<>());
    }

    /** Sends a record, and finishes a record of work. */
    public static CommitEntry done(PartitionProgress progress, OptionalLong finished,
            ProducerRecord<byte[], byte[]> record) {
        return of(progress, finished, List.of(record), Optional.empty());
    }

    /** Finishes a record of work without sending anything. */
    public static CommitEntry finishing(PartitionProgress progress, OptionalLong finished) {
        return of(progress, finished, List.of(), Optional.empty());
    }

    private static CommitEntry of(
            PartitionProgress progress,
            OptionalLong finished,
            List<ProducerRecord<byte[], byte[]>> records,
            Optional<LedgerUpdate> update) {
        return new CommitEntry(
                progress, finished, records, update, List.of(), Optional.empty(), new CompletableFuture<>());
    }

    /**
     * Waits until all of it is committed.
     *
     * @throws OwnershipLostException if none of it is known to be committed
     */
    public void awaitCommitted() throws OwnershipLostException {
        if (!committed.join()) {
            throw new OwnershipLostException();
        }
    }

    /** The same entry, which also updates the ledger. */
    public CommitEntry with(LedgerUpdate update) {
        return new CommitEntry(progress, finished, records, Optional.of(update), indexed, sweep, committed);
    }

    /** The same entry, which also updates the delivery index. */
    public CommitEntry with(List<IndexUpdate> updates) {
        return new CommitEntry(progress, finished, records, update, updates, sweep, committed);
    }
}
