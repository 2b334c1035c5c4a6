package io.waybill.ingest;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.Texts;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes dead letters of records. Each fits into a record itself, whatever the size of what it is about. */
final class SetAside {
    /** Half of the broker's default limit of a record: a letter that is refused would be tried again for ever. */
    static final int MAX_VALUE_BYTES = 512 * 1024;

    private static final int MAX_KEY_BYTES = 64 * 1024;
    private static final int MAX_HEADER_CHARACTERS = 128 * 1024;
    private static final int MAX_FAULTS = 5;
    private static final int MAX_FAULT_CHARACTERS = 2000;

    private SetAside() {}

    /** The key a letter is written under: the record's own, or an empty one where it has none. */
    static byte[] key(ConsumerRecord<byte[], byte[]> record) {
        return cut(record.key(), MAX_KEY_BYTES);
    }

    /**
     * @param faults at least one
     */
    static Poison letter(ConsumerRecord<byte[], byte[]> record, List<String> faults, Instant now) {
        var reason =
                new StringBuilder(String.join("; ", faults.stream().limit(MAX_FAULTS).map(SetAside::cut).toList()));
        if (faults.size() > MAX_FAULTS) {
            reason.append("; and ").append(faults.size() - MAX_FAULTS).append(" more");
        }
        byte[] value = cut(record.value(), MAX_VALUE_BYTES);
        if (record.value() != null && value.length < record.value().length) {
            reason.append("; the value of ").append(record.value().length).append(" bytes is cut here");
        }
        return new Poison(
                now,
                record.topic() + "-" + record.partition() + "@" + record.offset(),
                key(record),
                value,
                headers(record),
                reason.toString());
    }

    private static byte[] cut(byte @Nullable [] bytes, int max) {
        return bytes == null ? new byte[0] : bytes.length <= max ? bytes : Arrays.copyOf(bytes, max);
    }

    private static String cut(String fault) {
        return Texts.cut(fault, MAX_FAULT_CHARACTERS);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new LinkedHashMap<String, String>();
        int left = MAX_HEADER_CHARACTERS;
        for (Header header : record.headers()) {
            String value = Base64.getEncoder().encodeToString(header.value() == null ? new byte[0] : header.value());
            left -= header.key().length() + value.length();
            if (left < 0) {
                break;
            }
            headers.put(header.key(), value);
        }
        return headers;
    }
}
