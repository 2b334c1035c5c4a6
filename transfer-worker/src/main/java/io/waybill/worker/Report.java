package io.waybill.worker;

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
 * @param committed completed with true when all of it is committed, with false when none of it is known to be
 */
record Report(
        PartitionProgress progress,
        OptionalLong finished,
        List<ProducerRecord<byte[], byte[]>> records,
        Optional<MarkChange> change,
        CompletableFuture<Boolean> committed) {

    /** Tells something. */
    static Report underWay(PartitionProgress progress, ProducerRecord<byte[], byte[]> record) {
        return of(progress, OptionalLong.empty(), List.of(record), Optional.empty());
    }

    /** Remembers something. */
    static Report marking(PartitionProgress progress, OptionalLong finished, MarkChange change) {
        return of(progress, finished, List.of(), Optional.of(change));
    }

    /** Tells something, and is done with a record. */
    static Report done(PartitionProgress progress, OptionalLong finished, ProducerRecord<byte[], byte[]> record) {
        return of(progress, finished, List.of(record), Optional.empty());
    }

    /** Is done with a record of which nothing is to be told. */
    static Report finishing(PartitionProgress progress, OptionalLong finished) {
        return of(progress, finished, List.of(), Optional.empty());
    }

    private static Report of(
            PartitionProgress progress,
            OptionalLong finished,
            List<ProducerRecord<byte[], byte[]>> records,
            Optional<MarkChange> change) {
        return new Report(progress, finished, records, change, new CompletableFuture<>());
    }

    /** The same, and changes the ledger. */
    Report with(MarkChange changed) {
        return new Report(progress, finished, records, Optional.of(changed), committed);
    }
}
