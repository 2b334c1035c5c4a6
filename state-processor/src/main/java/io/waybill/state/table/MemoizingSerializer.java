package io.waybill.state.table;

import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serializes a value only once if it is written twice in a row: for example, a state goes to its store and to its
 * topic. It compares values by identity, so they must not change. Threads that use it at the same time only lose this
 * saving.
 */
final class MemoizingSerializer<V> implements Serializer<V> {
    private final Serializer<V> serializer;
    private volatile @Nullable Written<V> last;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Written<V>(V value, byte[] bytes) {}

    MemoizingSerializer(Serializer<V> serializer) {
        this.serializer = serializer;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Comparing two whole states would cost more than it saves.
    public byte @Nullable [] serialize(String topic, @Nullable V value) {
        if (value == null) {
            return null;
        }
        Written<V> known = last;
        if (known != null && known.value() == value) {
            return known.bytes();
        }
        byte[] bytes = serializer.serialize(topic, value);
        last = new Written<>(value, bytes);
        return bytes;
    }
}
