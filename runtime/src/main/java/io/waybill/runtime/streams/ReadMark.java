package io.waybill.runtime.streams;

import io.waybill.domain.FileId;
import java.nio.ByteBuffer;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How far a task has read its topic. Brokers forget the position of a group that was away for a week. The task then
 * reads the whole topic once more, including the records of files that it has forgotten since.
 *
 * <p>The mark is in the store of a {@link DueIndex}, at the beginning of time, where the index skips it. The index of
 * the version before skips it too. A store of its own would force the task to restore all its stores at the first start
 * with this version. One instance for one task of one topic; its thread only.
 */
public final class ReadMark {
    private static final DueKey PLACE = new DueKey(0, new FileId("3".repeat(26)));
    private static final int LENGTH = 2 * Long.BYTES;

    private final KeyValueStore<DueKey, byte[]> store;
    private boolean known;
    private boolean changed;
    /** The offset after the last record that the task has read. */
    private long next;
    /** The latest time of a record that the task has read, in milliseconds since the epoch. */
    private long newest;

    /**
     * @param store of {@link DueIndex#storeBuilder}, opened
     */
    public ReadMark(KeyValueStore<DueKey, byte[]> store) {
        this.store = store;
    }

    private void know() {
        if (known) {
            return;
        }
        known = true;
        byte[] bytes = store.get(PLACE);
        if (bytes != null && bytes.length == LENGTH) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            next = buffer.getLong();
            newest = buffer.getLong();
        }
    }

    /**
     * Whether the task has read this record before. If the topic was deleted and made again, its records are later than
     * everything that the task has read.
     */
    public boolean covers(long offset, long timestampMillis) {
        know();
        return offset < next && timestampMillis <= newest;
    }

    /** Records that the task has read a record. */
    public void reached(long offset, long timestampMillis) {
        if (!covers(offset, timestampMillis)) {
            next = offset + 1;
            newest = Math.max(newest, timestampMillis);
            changed = true;
        }
    }

    /** Writes the mark to the store, if the task has read further. */
    public void write() {
        if (changed) {
            store.put(PLACE, ByteBuffer.allocate(LENGTH).putLong(next).putLong(newest).array());
            changed = false;
        }
    }
}
