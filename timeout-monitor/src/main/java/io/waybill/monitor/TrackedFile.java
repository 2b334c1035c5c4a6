package io.waybill.monitor;

import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Window;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.time.Backoff;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * What the monitor knows of one file that is open, or was given up.
 *
 * @param version  of the newest state seen: an older or the same one is a replay
 * @param deadline the one it waits for; null when there is none
 * @param givenUp  whether the file was given up once, and so a dead letter written for it: such a file is remembered
 *                 until it leaves the table, so that a replay writes no second letter
 * @param basis    what the deadline is counted from; null without one, and where it is not known
 */
record TrackedFile(long version, @Nullable ScheduledDeadline deadline, boolean givenUp, @Nullable Basis basis) {
    /** How long the monitor waits at most before it says a deadline again. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    private static final Backoff PAUSES = new Backoff(Duration.ofMinutes(1), LONGEST_PAUSE);

    /** Since when and on which route a file waits. */
    record Basis(RouteName route, Window window) {}

    /**
     * A deadline, and when it is said next: its place in the index.
     *
     * @param dueMillis when it is said next, milliseconds since the epoch
     * @param said      how often it was said
     */
    record ScheduledDeadline(DeadlineKind kind, long dueMillis, int said) {
        static ScheduledDeadline of(Deadline deadline) {
            return new ScheduledDeadline(deadline.kind(), Math.max(0, deadline.at().toEpochMilli()), 0);
        }

        DueKey key(FileId id) {
            return new DueKey(dueMillis, id);
        }

        /** The same after it was said. */
        ScheduledDeadline again(long nowMillis) {
            return new ScheduledDeadline(kind, nowMillis + PAUSES.after(said + 1).toMillis(), said + 1);
        }
    }

    /** A file without a deadline. */
    static TrackedFile quiet(long version, boolean givenUp) {
        return new TrackedFile(version, null, givenUp, null);
    }

    TrackedFile withDeadline(ScheduledDeadline next) {
        return new TrackedFile(version, next, givenUp, basis);
    }

    /** The same as time-outs of today have it; this very object where they change nothing. */
    TrackedFile under(Timeouts timeouts, long nowMillis) {
        if (deadline == null || basis == null) {
            return this;
        }
        ScheduledDeadline counted = ScheduledDeadline.of(basis.window().deadline(timeouts));
        // What was said stays said and is only said again; unless it should not have been said yet.
        boolean pausing = deadline.said() > 0 && counted.dueMillis() <= nowMillis;
        ScheduledDeadline today =
                pausing ? new ScheduledDeadline(counted.kind(), deadline.dueMillis(), deadline.said()) : counted;
        return today.equals(deadline) ? this : withDeadline(today);
    }

    static Serde<TrackedFile> serde() {
        return Serdes.serdeFrom(
                (topic, file) -> file == null ? null : TrackedFileBytes.of(file),
                (topic, bytes) -> bytes == null ? null : TrackedFileBytes.parse(bytes));
    }
}
