package io.waybill.ingest;

import io.waybill.domain.IngestRetry.Place;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of one poll, already read, by partition.
 *
 * @param readings the records of each partition, in the order of their offsets
 * @param next     the offset at which each partition continues
 */
record Batch(Map<TopicPartition, List<Reading>> readings, Map<TopicPartition, OffsetAndMetadata> next) {
    /** A record and the object events in it. */
    record Reading(ConsumerRecord<byte[], byte[]> record, List<ObjectEvent> objectEvents) {
        Place place() {
            return new Place(record.partition(), record.offset());
        }
    }

    static Batch of(ConsumerRecords<byte[], byte[]> records, NotificationKeys keys) {
        var readings = new LinkedHashMap<TopicPartition, List<Reading>>();
        for (TopicPartition partition : records.partitions()) {
            var ofPartition = new ArrayList<Reading>();
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                ofPartition.add(new Reading(record, NotificationReader.read(record.value(), keys)));
            }
            readings.put(partition, ofPartition);
        }
        return new Batch(readings, records.nextOffsets());
    }

    /** Returns this batch without the partitions that this instance no longer owns. */
    Batch only(Predicate<TopicPartition> ours) {
        var kept = new LinkedHashMap<>(readings);
        kept.keySet().removeIf(ours.negate());
        var goOn = new LinkedHashMap<>(next);
        goOn.keySet().removeIf(ours.negate());
        return new Batch(kept, goOn);
    }

    Stream<Reading> all() {
        return readings.values().stream().flatMap(Collection::stream);
    }
}
