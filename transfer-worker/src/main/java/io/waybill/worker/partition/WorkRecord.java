package io.waybill.worker.partition;

import io.waybill.domain.Lane;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** What a record of transfer-work turned out to be. */
public sealed interface WorkRecord {
    /** Something to do. */
    record Understood(Lane lane, TransferWork work) implements WorkRecord {}

    /** Something that no attempt to read again would make sense of. */
    record Garbled(String reason) implements WorkRecord {}

    /** The lane that a record names; empty if it names none. */
    static Optional<Lane> lane(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Lane.parse(new String(record.key(), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            // Such a record becomes a dead letter when it is begun.
            return Optional.empty();
        }
    }

    /** Reads a record; a registry that does not answer is no fault of the record's, and thrown. */
    static WorkRecord read(Topic<String, TransferWork> topic, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return new Garbled("work needs a lane as its key and a value");
        }
        try {
            String key = topic.key().deserializer().deserialize(topic.name(), record.key());
            TransferWork work = topic.value().deserializer().deserialize(topic.name(), record.value());
            return new Understood(Lane.parse(key), work);
        } catch (SerializationException | IllegalArgumentException e) {
            return new Garbled(String.valueOf(e.getMessage()));
        }
    }
}
