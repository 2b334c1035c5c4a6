package io.waybill.monitor;

import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
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
 * What the monitor knows about a file that is open or was given up.
 *
 * @param version  of the newest state seen: an older or the same one is a replay
 * @param deadline the one it waits for; null when there is none
 * @param givenUp  whether the file was given up once, and so a dead letter written for it: such a file is remembered
 *                 until it leaves the table, so that a replay writes no second letter
 * @param basis    what the deadline is counted from, or since when there is none; null where it is not known
 */
record TrackedFile(long version, @Nullable ScheduledDeadline deadline, boolean givenUp, @Nullable Basis basis) {
    /** The monitor waits at most this long before it reports a deadline again. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    private static final Backoff PAUSES = new Backoff(Duration.ofMinutes(1), LONGEST_PAUSE);

    /** The route of a file, and the time since when it waits. */
    record Basis(RouteName route, Window window) {}

    /**
     * A deadline, and the time of its next report. That time is its place in the index.
     *
     * @param dueMillis time of the next report, milliseconds since the epoch
     * @param said      how often the monitor has reported the deadline
     */
    record ScheduledDeadline(DeadlineKind kind, long dueMillis, int said) {
        static ScheduledDeadline of(Deadline deadline) {
            return new ScheduledDeadline(deadline.kind(), Math.max(0, deadline.at().toEpochMilli()), 0);
        }

        DueKey key(FileId id) {
            return new DueKey(dueMillis, id);
        }

        /** The same deadline after one more report. */
        ScheduledDeadline again(long nowMillis) {
            return new ScheduledDeadline(kind, nowMillis + PAUSES.after(said + 1).toMillis(), said + 1);
        }
    }

    /** A file that has ended, and was given up once. */
    static TrackedFile ended(FileState file) {
        var basis = new Basis(file.route(), new Window(false, file.since(), null, null));
        return new TrackedFile(file.version(), null, true, basis);
    }

    /**
     * Whether a state of no later version is none of the past: the file left the table, came back as a new one, and only the
     * last of all its states was left to be read.
     */
    boolean isOutlivedBy(FileState file) {
        return basis != null && file.arrivedAt().isAfter(basis.window().since());
    }

    TrackedFile withDeadline(ScheduledDeadline next) {
        return new TrackedFile(version, next, givenUp, basis);
    }

    /** Returns the file with the deadline that today's time-outs give; this very object if they change nothing. */
    TrackedFile under(Timeouts timeouts, long nowMillis) {
        if (deadline == null || basis == null) {
            return this;
        }
        ScheduledDeadline counted = ScheduledDeadline.of(basis.window().deadline(timeouts));
        // A deadline that the monitor has reported stays reported, and the monitor only repeats the report. The
        // exception is a deadline that has not passed under today's time-outs.
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
