package io.waybill.domain;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An entry of {@code ingest-retry}: what keeps one notification from its end, or what a person wants of it. */
public sealed interface IngestRetry {
    /** Characters that a reason has at most. */
    int LONGEST_REASON = 1_000;

    /**
     * The place of a record in {@code s3-notifications}, written {@code PARTITION@OFFSET}.
     *
     * @param partition 0 or more
     * @param offset    0 or more
     */
    record Place(int partition, long offset) {
        private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

        public Place {
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException("partition and offset must not be negative, but were: " + partition
                        + " and " + offset);
            }
        }

        /**
         * Reads a place as {@link #toString} writes it.
         *
         * @throws IllegalArgumentException that names the expected form
         */
        public static Place parse(String text) {
            Matcher matcher = WRITTEN.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("expected PARTITION@OFFSET such as 3@4711, was '" + text + "'");
            }
            return new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }

        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    /** The notification that it is about. */
    Place place();

    /** When it was written. */
    Instant at();

    /** Why, for people. */
    String reason();

    /** The key of the entry in its topic. */
    String entryKey();

    /**
     * An object about which the store has not said enough yet.
     *
     * @param index     which object event of the notification it is, from 0
     * @param bucket    the object's bucket
     * @param key       its key, decoded
     * @param rawKey    its key as the notification has it, if the store may mean it literally; else null
     * @param versionId the version that the notification names; null for the current one
     * @param eventName the store's word for the event, such as {@code Put}; null if there is none
     * @param settlesAt when the routes that wait for the object to settle look at it; null if it is about the other
     *                  routes
     */
    record Parked(
            Place place,
            int index,
            Instant at,
            String reason,
            String bucket,
            String key,
            @Nullable String rawKey,
            @Nullable String versionId,
            @Nullable String eventName,
            @Nullable Instant settlesAt)
            implements IngestRetry {
        public Parked {
            reason = Texts.cut(reason, LONGEST_REASON);
        }

        @Override
        public String entryKey() {
            return place + "#" + index + (settlesAt == null ? "" : "~");
        }
    }

    /**
     * A person's wish that ingest goes past a notification.
     *
     * @param by who asked
     */
    record Skip(Place place, Instant at, String by, String reason) implements IngestRetry {
        public Skip {
            by = Texts.cut(by, FileEvent.LONGEST_BY);
            reason = Texts.cut(reason, LONGEST_REASON);
        }

        @Override
        public String entryKey() {
            return place.toString();
        }
    }
}
