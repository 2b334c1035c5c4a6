package io.waybill.runtime.topic;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Dead letters for records, small enough to be written: a letter too large for its topic would stop the stream. */
public final class PoisonLetter {
    /** A broker's default for the largest record is 1 MiB, and the letter around the bytes needs room as well. */
    static final int LARGEST_VALUE = 768 * 1024;

    private static final int LARGEST_KEY = 16 * 1024;
    private static final int LARGEST_HEADERS = 64 * 1024;
    /** In characters. One character may take three bytes. */
    private static final int LARGEST_REASON = 12 * 1024;
    private static final int LARGEST_NAME_IN_REASON = 100;
    /** How many bytes one header takes in addition to its name and its value. */
    private static final int AROUND_HEADER = 8;

    private PoisonLetter() {}

    /**
     * The letter about a record that a consumer read; otherwise as
     * {@link #of(Instant, String, byte[], byte[], Headers, String)}.
     */
    public static Poison of(Instant at, ConsumerRecord<byte[], byte[]> record, String reason) {
        String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        return of(at, origin, record.key(), record.value(), record.headers(), reason);
    }

    /**
     * The letter about one record. A part that is too large is cut or left out, and the reason says so.
     *
     * @param origin the record's place as "topic-partition@offset"
     * @param reason why nobody can make sense of it, for people
     */
    public static Poison of(
            Instant at,
            String origin,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            String reason) {
        var why = new StringBuilder(Texts.cut(reason, LARGEST_REASON));
        byte[] shortKey = cut("key", key, LARGEST_KEY, why);
        byte[] shortValue = cut("value", value, LARGEST_VALUE, why);
        return new Poison(at, origin, shortKey, shortValue, readable(headers, why), why.toString());
    }

    /**
     * Whether a record itself is the reason that it cannot be read. It is not if the schema registry does not answer, or if
     * the reader is interrupted: then the record must be read again later.
     */
    public static boolean blames(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException || cause instanceof InterruptException) {
                return false;
            }
        }
        return true;
    }

    private static byte[] cut(String part, byte @Nullable [] bytes, int largest, StringBuilder why) {
        if (bytes == null) {
            return new byte[0];
        }
        if (bytes.length <= largest) {
            return bytes;
        }
        why.append("; of the ").append(part).append("'s ").append(bytes.length).append(" bytes only the first ")
                .append(largest).append(" are kept");
        return Arrays.copyOf(bytes, largest);
    }

    private static Map<String, String> readable(Headers headers, StringBuilder why) {
        var readable = new LinkedHashMap<String, String>();
        int room = LARGEST_HEADERS;
        for (Header header : headers) {
            String value = header.value() == null ? "" : Base64.getEncoder().encodeToString(header.value());
            room -= header.key().getBytes(StandardCharsets.UTF_8).length + value.length() + AROUND_HEADER;
            if (room < 0) {
                why.append("; headers from '").append(Texts.cut(header.key(), LARGEST_NAME_IN_REASON))
                        .append("' on are left out");
                break;
            }
            readable.put(header.key(), value);
        }
        return readable;
    }
}
