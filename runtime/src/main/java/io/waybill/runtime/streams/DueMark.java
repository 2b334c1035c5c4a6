package io.waybill.runtime.streams;

import java.nio.ByteBuffer;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The memory of an index over a restart. It is kept in the index's own store, and so committed with it. Its key is at
 * the beginning of time, where no present file is due.
 *
 * @param lowMillis   no entry is before it
 * @param fenceMillis where the fence is
 */
record DueMark(long lowMillis, long fenceMillis) {
    private static final DueKey PLACE = DueKey.firstOf(0);

    static DueMark read(KeyValueStore<DueKey, byte[]> store) {
        byte[] bytes = store.get(PLACE);
        if (bytes == null || bytes.length != 2 * Long.BYTES) {
            return new DueMark(0, 0);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new DueMark(buffer.getLong(), buffer.getLong());
    }

    void write(KeyValueStore<DueKey, byte[]> store) {
        store.put(
                PLACE,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(lowMillis)
                        .putLong(fenceMillis)
                        .array());
    }
}
