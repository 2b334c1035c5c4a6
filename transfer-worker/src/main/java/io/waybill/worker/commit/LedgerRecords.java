package io.waybill.worker.commit;

import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.PartitionProgress;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes records for the ledger and for the delivery index. Each goes to the partition with the same number as the partition
 * of work.
 *
 * @param home the cluster and the topic whose offsets the ledger contains
 */
public record LedgerRecords(Topics topics, Home home) {
    /** The position of the partition if these records were finished as well. */
    Position positionOf(PartitionProgress progress, Set<Long> finished) {
        return progress.positionAfter(finished, home);
    }

    ProducerRecord<byte[], byte[]> record(PartitionProgress progress, Position position) {
        return record(progress, LedgerMark.POSITION_KEY, position);
    }

    ProducerRecord<byte[], byte[]> record(PartitionProgress progress, LedgerUpdate update) {
        return record(progress, update.key(), update.mark());
    }

    ProducerRecord<byte[], byte[]> record(PartitionProgress progress, IndexUpdate update) {
        return beside(progress, topics.deliveryIndex(), update.key(), update.entry());
    }

    private ProducerRecord<byte[], byte[]> record(PartitionProgress progress, String key, @Nullable LedgerMark mark) {
        return beside(progress, topics.transferLedger(), key, mark);
    }

    private static <V> ProducerRecord<byte[], byte[]> beside(
            PartitionProgress progress, Topic<String, V> topic, String key, @Nullable V value) {
        ProducerRecord<byte[], byte[]> record = topic.record(key, value);
        return new ProducerRecord<>(topic.name(), progress.partition().partition(), record.key(), record.value());
    }
}
