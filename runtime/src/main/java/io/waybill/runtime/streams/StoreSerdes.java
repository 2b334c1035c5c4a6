package io.waybill.runtime.streams;

import io.waybill.runtime.topic.Topic;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes for the values of stores. */
public final class StoreSerdes {
    private StoreSerdes() {}

    /**
     * The serde of a topic's values that always names that topic. A store would name its changelog, and a registry that
     * is closed to new subjects has no schema for a changelog.
     */
    public static <V> Serde<V> of(Topic<?, V> topic) {
        return Serdes.serdeFrom(
                (changelog, value) -> topic.value().serializer().serialize(topic.name(), value),
                (changelog, bytes) -> topic.value().deserializer().deserialize(topic.name(), bytes));
    }
}
