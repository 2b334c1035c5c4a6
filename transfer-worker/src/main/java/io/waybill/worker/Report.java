package io.waybill.worker;

import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Something to be told in the next transaction about a record of a partition.
 *
 * @param progress the assignment under which it came about
 * @param finished the offset of the record that is done with this; empty if it is not
 * @param record   what to tell
 */
record Report(PartitionProgress progress, OptionalLong finished, ProducerRecord<byte[], byte[]> record) {
    static Report underWay(PartitionProgress progress, ProducerRecord<byte[], byte[]> record) {
        return new Report(progress, OptionalLong.empty(), record);
    }

    static Report done(PartitionProgress progress, long offset, ProducerRecord<byte[], byte[]> record) {
        return new Report(progress, OptionalLong.of(offset), record);
    }
}
