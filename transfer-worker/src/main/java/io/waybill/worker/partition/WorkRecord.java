package io.waybill.worker.partition;

import io.waybill.domain.Lane;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/** The content of a record of transfer-work. */
public sealed interface WorkRecord {
    /** A record that describes work. */
    record Understood(Lane lane, TransferWork work) implements WorkRecord {}

    /** A record that no further reading could make understandable. */
    record Garbled(String reason) implements WorkRecord {}

    /** The lane that a record names; empty if it names none. */
    static Optional<Lane> lane(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Lane.parse(new String(record.key(), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            // Such a record becomes a dead letter when it begins.
            return Optional.empty();
        }
    }

    /** Reads a record. If the registry does not answer, that is no fault of the record, and the exception is thrown. */
    static WorkRecord read(Topic<String, TransferWork> topic, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return new Garbled("work needs a lane as its key and a value");
        }
        try {
            String key = topic.key().deserializer().deserialize(topic.name(), record.key());
            TransferWork work = topic.value().deserializer().deserialize(topic.name(), record.value());
            return new Understood(Lane.parse(key), work);
        } catch (RuntimeException e) {
            if (!PoisonLetter.blames(e)) {
                throw e;
            }
            // Whatever it is: a record that stops this worker stops the next owner of the partition as well.
            return new Garbled(e instanceof KafkaException ? String.valueOf(e.getMessage()) : e.toString());
        }
    }
}
