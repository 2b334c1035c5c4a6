package io.waybill.runtime.streams;

import io.waybill.runtime.topic.Topic;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A record's value with the bytes that it was read from. So a record that is readable but makes no sense can become an
 * unchanged dead letter.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copying the bytes of every record would cost more than it saves.
public record Received<V>(byte[] raw, V value) {
    /** Reads a topic's values; fails for a record without a value. */
    public static <V> Deserializer<Received<V>> deserializer(Topic<?, V> topic) {
        Deserializer<V> values = topic.value().deserializer();
        return (name, bytes) -> {
            if (bytes == null) {
                throw new SerializationException("a record of " + name + " has no value");
            }
            return new Received<>(bytes, values.deserialize(name, bytes));
        };
    }

    /** Reads a topic's keys; fails for a record without a key. */
    public static <K> Deserializer<K> keys(Topic<K, ?> topic) {
        Deserializer<K> keys = topic.key().deserializer();
        return (name, bytes) -> {
            if (bytes == null) {
                throw new SerializationException("a record of " + name + " has no key");
            }
            return keys.deserialize(name, bytes);
        };
    }
}
