package io.waybill.runtime.streams;

import io.waybill.domain.FileId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A file and when it is due, ordered by time: on disk 8 bytes of milliseconds, big-endian, then the id.
 *
 * @param dueMillis milliseconds since the epoch, 0 or more: below zero the order of bytes differs from the order of
 *                  numbers
 */
public record DueKey(long dueMillis, FileId id) {
    private static final FileId LEAST = new FileId("2".repeat(26));
    private static final FileId GREATEST = new FileId("z".repeat(26));

    public DueKey {
        if (dueMillis < 0) {
            throw new IllegalArgumentException("dueMillis must be 0 or more, but was: " + dueMillis);
        }
    }

    /** The key of an instant. An instant before the epoch is due as if at the epoch. */
    public static DueKey of(Instant due, FileId id) {
        return new DueKey(Math.max(0, due.toEpochMilli()), id);
    }

    /** Not after any key of that instant. */
    static DueKey firstOf(long millis) {
        return new DueKey(millis, LEAST);
    }

    /** Not before any key of that instant. */
    static DueKey lastOf(long millis) {
        return new DueKey(millis, GREATEST);
    }

    public static Serde<DueKey> serde() {
        return Serdes.serdeFrom(
                (topic, key) -> key == null ? null : key.bytes(),
                (topic, bytes) -> bytes == null ? null : parse(bytes));
    }

    private byte[] bytes() {
        byte[] text = id.value().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Long.BYTES + text.length).putLong(dueMillis).put(text).array();
    }

    private static DueKey parse(byte[] bytes) {
        long millis = ByteBuffer.wrap(bytes).getLong();
        String id = new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.US_ASCII);
        return new DueKey(millis, new FileId(id));
    }
}
