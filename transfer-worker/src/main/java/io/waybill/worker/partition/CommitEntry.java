package io.waybill.worker.partition;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Something for the next transaction of a partition.
 *
 * @param progress  the assignment under which it came about
 * @param finished  the offset of the record that is done with this; empty if none is
 * @param records   what to tell others
 * @param update    what to write into the partition's ledger
 * @param indexed   what to write into the partition's delivery index
 * @param sweep     if given, some of what has expired in that index by then is taken out
 * @param committed completed with true when all of it is committed, with false when none of it is known to be
 */
public record CommitEntry(
        PartitionProgress progress,
        OptionalLong finished,
        List<ProducerRecord<byte[], byte[]>> records,
        Optional<LedgerUpdate> update,
        List<IndexUpdate> indexed,
        Optional<Instant> sweep,
        CompletableFuture<Boolean> committed) {

    /** Tells something. */
    public static CommitEntry underWay(PartitionProgress progress, ProducerRecord<byte[], byte[]> record) {
        return of(progress, OptionalLong.empty(), List.of(record), Optional.empty());
    }

    /** Remembers something. */
    public static CommitEntry marking(PartitionProgress progress, OptionalLong finished, LedgerUpdate update) {
        return of(progress, finished, List.of(), Optional.of(update));
    }

    /** Remembers something for deliveries to come. */
    public static CommitEntry indexing(PartitionProgress progress, IndexUpdate update) {
        return of(progress, OptionalLong.empty(), List.of(), Optional.empty()).with(List.of(update));
    }

    /** Forgets some of what has expired. */
    public static CommitEntry sweeping(PartitionProgress progress, Instant now) {
        return new CommitEntry(progress, OptionalLong.empty(), List.of(), Optional.empty(), List.of(), Optional.of(now),
                new CompletableFuture<>());
    }

    /** Tells something, and is done with a record. */
    public static CommitEntry done(PartitionProgress progress, OptionalLong finished,
            ProducerRecord<byte[], byte[]> record) {
        return of(progress, finished, List.of(record), Optional.empty());
    }

    /** Is done with a record of which nothing is to be told. */
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
     * @throws OwnershipLostException if none of it is known to be
     */
    public void awaitCommitted() throws OwnershipLostException {
        if (!committed.join()) {
            throw new OwnershipLostException();
        }
    }

    /** The same, and updates the ledger. */
    public CommitEntry with(LedgerUpdate update) {
        return new CommitEntry(progress, finished, records, Optional.of(update), indexed, sweep, committed);
    }

    /** The same, and updates the delivery index. */
    public CommitEntry with(List<IndexUpdate> updates) {
        return new CommitEntry(progress, finished, records, update, updates, sweep, committed);
    }
}
