package io.waybill.runtime.topic;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * A topic and the only serdes for reading and writing it. Shared; do not close them.
 *
 * @param layout how it is created
 */
public record Topic<K, V>(String name, Serde<K> key, Serde<V> value, Layout layout) {
    /**
     * How a topic is created and what it must look like.
     *
     * @param partitions    number of partitions, for life
     * @param partitionsKey the key below {@code topics} that says so
     * @param cleanup       how old records leave
     */
    public record Layout(int partitions, String partitionsKey, Cleanup cleanup) {}

    /** How old records leave a topic. */
    public sealed interface Cleanup {
        /** After a number of days. The operator may change it, because no promise of Waybill rests on it. */
        record AfterDays(int days) implements Cleanup {}

        /**
         * Not before a number of days: a service that was away for that long must find everything that was written
         * meanwhile.
         */
        record NotBeforeDays(int days) implements Cleanup {}

        /** When a newer record has the same key. */
        record Compacted() implements Cleanup {}

        /** The same, within minutes: a reader of this topic reads all of it before it does anything else. */
        record CompactedSoon() implements Cleanup {}

        /** Never by themselves: a slow partner must not lose work. */
        record Kept() implements Cleanup {}
    }

    /** A record for producers of bytes, so that records of several topics can share one producer and transaction. */
    public ProducerRecord<byte[], byte[]> record(K recordKey, @Nullable V recordValue) {
        return new ProducerRecord<>(
                name,
                key.serializer().serialize(name, recordKey),
                recordValue == null ? null : value.serializer().serialize(name, recordValue));
    }
}
