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
 * @param change    what to write into the partition's ledger
 * @param indexed   what to write into the partition's delivery index
 * @param sweep     if given, some of what has expired in that index by then is taken out
 * @param committed completed with true when all of it is committed, with false when none of it is known to be
 */
public record Report(
        PartitionProgress progress,
        OptionalLong finished,
        List<ProducerRecord<byte[], byte[]>> records,
        Optional<MarkChange> change,
        List<IndexChange> indexed,
        Optional<Instant> sweep,
        CompletableFuture<Boolean> committed) {

    /** Tells something. */
    public static Report underWay(PartitionProgress progress, ProducerRecord<byte[], byte[]> record) {
        return of(progress, OptionalLong.empty(), List.of(record), Optional.empty());
    }

    /** Remembers something. */
    public static Report marking(PartitionProgress progress, OptionalLong finished, MarkChange change) {
        return of(progress, finished, List.of(), Optional.of(change));
    }

    /** Remembers something for deliveries to come. */
    public static Report indexing(PartitionProgress progress, IndexChange change) {
        return of(progress, OptionalLong.empty(), List.of(), Optional.empty()).with(List.of(change));
    }

    /** Forgets some of what has expired. */
    public static Report sweeping(PartitionProgress progress, Instant now) {
        return new Report(progress, OptionalLong.empty(), List.of(), Optional.empty(), List.of(), Optional.of(now),
                new CompletableFuture<>());
    }

    /** Tells something, and is done with a record. */
    public static Report done(PartitionProgress progress, OptionalLong finished,
            ProducerRecord<byte[], byte[]> record) {
        return of(progress, finished, List.of(record), Optional.empty());
    }

    /** Is done with a record of which nothing is to be told. */
    public static Report finishing(PartitionProgress progress, OptionalLong finished) {
        return of(progress, finished, List.of(), Optional.empty());
    }

    private static Report of(
            PartitionProgress progress,
            OptionalLong finished,
            List<ProducerRecord<byte[], byte[]>> records,
            Optional<MarkChange> change) {
        return new Report(
                progress, finished, records, change, List.of(), Optional.empty(), new CompletableFuture<>());
    }

    /**
     * Waits until all of it is committed.
     *
     * @throws MandateLostException if none of it is known to be
     */
    public void awaitCommitted() throws MandateLostException {
        if (!committed.join()) {
            throw new MandateLostException();
        }
    }

    /** The same, and changes the ledger. */
    public Report with(MarkChange changed) {
        return new Report(progress, finished, records, Optional.of(changed), indexed, sweep, committed);
    }

    /** The same, and changes the delivery index. */
    public Report with(List<IndexChange> changes) {
        return new Report(progress, finished, records, change, changes, sweep, committed);
    }
}
