package io.waybill.state.table;

import io.waybill.domain.FileId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The key of a former state of a file. On disk it is the id and then the version in 8 bytes. So a file's history is one
 * range, in order. Each move is one small record. A list for each file would be written as a whole with each move.
 *
 * @param version as in {@link io.waybill.domain.FileState#version()}
 */
public record HistoryKey(FileId id, long version) {
    static Serde<HistoryKey> serde() {
        return Serdes.serdeFrom(
                (topic, key) -> key == null ? null : key.bytes(),
                (topic, bytes) -> bytes == null ? null : parse(bytes));
    }

    private byte[] bytes() {
        byte[] text = id.value().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(text.length + Long.BYTES).put(text).putLong(version).array();
    }

    private static HistoryKey parse(byte[] bytes) {
        int length = bytes.length - Long.BYTES;
        return new HistoryKey(
                new FileId(new String(bytes, 0, length, StandardCharsets.US_ASCII)),
                ByteBuffer.wrap(bytes, length, Long.BYTES).getLong());
    }
}
