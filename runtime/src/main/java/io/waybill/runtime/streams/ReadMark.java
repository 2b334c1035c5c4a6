package io.waybill.runtime.streams;

import io.waybill.domain.FileId;
import java.nio.ByteBuffer;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How far a task has read its topic. Brokers forget the position of a group that was away for a week; then all of the topic
 * is read once more, also what it says of files that the task has forgotten since.
 *
 * <p>It stands in the store of a {@link DueIndex}, at the beginning of time, where the index passes over it; so it does in
 * the version before. A store of its own would have all stores of the task restored at the first start with it. One instance
 * for one task of one topic; its thread only.
 */
public final class ReadMark {
    private static final DueKey PLACE = new DueKey(0, new FileId("3".repeat(26)));
    private static final int LENGTH = 2 * Long.BYTES;

    private final KeyValueStore<DueKey, byte[]> store;
    private boolean known;
    private boolean changed;
    /** The offset behind the last record that was read. */
    private long next;
    /** The latest time of a record that was read, milliseconds since the epoch. */
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

    /** Whether a record was read before. One of a topic that was made anew is later than all that was read. */
    public boolean covers(long offset, long timestampMillis) {
        know();
        return offset < next && timestampMillis <= newest;
    }

    /** A record was read. */
    public void reached(long offset, long timestampMillis) {
        if (!covers(offset, timestampMillis)) {
            next = offset + 1;
            newest = Math.max(newest, timestampMillis);
            changed = true;
        }
    }

    /** Writes down how far the task has read, if it has read on. */
    public void write() {
        if (changed) {
            store.put(PLACE, ByteBuffer.allocate(LENGTH).putLong(next).putLong(newest).array());
            changed = false;
        }
    }
}
