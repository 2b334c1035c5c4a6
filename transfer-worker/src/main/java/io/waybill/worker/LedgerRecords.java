package io.waybill.worker;

import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.topic.Topic;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records for the ledger.
 *
 * @param topic transfer-ledger
 * @param home  whose offsets it speaks of
 */
record LedgerRecords(Topic<String, LedgerMark> topic, Home home) {
    /** Where the partition would stand if these records were finished as well. */
    Position positionOf(PartitionProgress progress, Set<Long> finished) {
        return progress.positionAfter(finished, home);
    }

    ProducerRecord<byte[], byte[]> record(PartitionProgress progress, Position position) {
        return record(progress, LedgerMark.POSITION_KEY, position);
    }

    ProducerRecord<byte[], byte[]> record(PartitionProgress progress, MarkChange change) {
        return record(progress, change.key(), change.mark());
    }

    /** A ledger lies partition for partition beside the work. */
    private ProducerRecord<byte[], byte[]> record(PartitionProgress progress, String key, @Nullable LedgerMark mark) {
        ProducerRecord<byte[], byte[]> record = topic.record(key, mark);
        return new ProducerRecord<>(topic.name(), progress.partition().partition(), record.key(), record.value());
    }
}
