package io.waybill.domain;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/** Something that a person must look at. */
public sealed interface DeadLetter {
    /** When Waybill gave it up. */
    Instant at();

    /** Why, for people. */
    String reason();

    /**
     * A file that ended FAILED or TIMED_OUT.
     *
     * @param file its {@link FileState#failures()} say what kept it from its end, the last one included
     */
    record GivenUp(FileState file, String reason) implements DeadLetter {
        @Override
        public Instant at() {
            return file.changedAt();
        }
    }

    /**
     * A record that could not be read or made no sense, unchanged.
     *
     * @param origin  the topic, partition and offset of the record, as "topic-partition@offset"
     * @param key     the record's key; empty if it had none
     * @param value   the record's value; empty if it had none
     * @param headers the record's headers, name to value in base64
     */
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode below go by content
    record Poison(Instant at, String origin, byte[] key, byte[] value, Map<String, String> headers, String reason)
            implements DeadLetter {
        public Poison {
            headers = Map.copyOf(headers);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Poison that
                    && at.equals(that.at)
                    && origin.equals(that.origin)
                    && Arrays.equals(key, that.key)
                    && Arrays.equals(value, that.value)
                    && headers.equals(that.headers)
                    && reason.equals(that.reason);
        }

        @Override
        public int hashCode() {
            return origin.hashCode();
        }
    }
}
