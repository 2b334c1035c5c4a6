package io.waybill.monitor;

import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Window;
import io.waybill.domain.schedule.Timeline;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * What the monitor knows about a file that is open or was given up.
 *
 * @param version  of the newest state that the monitor has read; a record with this version or an older one is a replay
 * @param deadline the deadline that the file waits for; null if there is none
 * @param givenUp  whether the file was given up once, so that a dead letter was written for it. The monitor remembers
 *                 such a file until it leaves the table, so that a replay writes no second letter
 * @param basis    the start from which the deadline is counted, or since when there is no deadline; null if it is not
 *                 known
 */
record TrackedFile(long version, @Nullable ScheduledDeadline deadline, boolean givenUp, @Nullable Basis basis) {
    /** The monitor waits at most this long before it reports a deadline again. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    private static final Backoff PAUSES = new Backoff(Duration.ofMinutes(1), LONGEST_PAUSE);

    /**
     * The monitor looks again at least this often at a deadline that a pause, a window or a blackout puts off: somebody
     * may shorten a pause.
     */
    static final Duration LONGEST_PUT_OFF = Duration.ofHours(1);

    /**
     * The route of a file, and the time since when it waits.
     *
     * @param importing whether it waits for an importer: no pause of its delivery counts
     */
    record Basis(RouteName route, Window window, boolean importing) {
        Basis(RouteName route, Window window) {
            this(route, window, false);
        }
    }

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

    /** A file that has ended, and that was given up once. */
    static TrackedFile ended(FileState file) {
        var basis = new Basis(file.route(), new Window(false, file.since(), null, null));
        return new TrackedFile(file.version(), null, true, basis);
    }

    /**
     * Whether a state without a later version is still news. The file may have left the table and come back as a new
     * file, and only the last of all its states may be left in the topic.
     */
    boolean isOutlivedBy(FileState file) {
        return basis != null && file.arrivedAt().isAfter(basis.window().since());
    }

    /**
     * Whether a state says of a file that was given up at its import only that the file was delivered once more before. A
     * file moves from there only by being open again, and the version of that state lies between.
     */
    boolean isNotedIn(FileState file) {
        return givenUp
                && deadline == null
                && file.version() == version + 1
                && file.phase().stage() == Stage.IMPORT
                && file.receipt() != null;
    }

    TrackedFile withDeadline(ScheduledDeadline next) {
        return new TrackedFile(version, next, givenUp, basis);
    }

    /**
     * Returns the file with the deadline that today's time-outs give; this very object if they change nothing.
     *
     * @param timeouts of its route; null if the route is not configured. Then the file keeps the deadline from its state
     */
    TrackedFile under(@Nullable Timeouts timeouts, long nowMillis) {
        if (deadline == null || basis == null) {
            return this;
        }
        ScheduledDeadline counted =
                timeouts == null ? deadline : ScheduledDeadline.of(basis.window().deadline(timeouts));
        // A deadline that the monitor has reported stays reported, and the monitor only repeats the report. The
        // exception is a deadline that has not passed under today's time-outs.
        boolean pausing = deadline.said() > 0 && (timeouts == null || counted.dueMillis() <= nowMillis);
        ScheduledDeadline today = pausing
                ? new ScheduledDeadline(unheard(counted.kind(), timeouts, nowMillis), deadline.dueMillis(),
                        deadline.said())
                : counted;
        return today.equals(deadline) ? this : withDeadline(today);
    }

    /**
     * Returns the file with the deadline that it has if the time does not count in which it may not start; this very
     * object if that changes nothing. For a file whose deadline is due.
     *
     * @param halts    when files of its route may not start
     * @param timeouts of its route; null if the route is not configured. Then nobody knows where its files go
     */
    TrackedFile outsideOf(Timeline halts, @Nullable Timeouts timeouts, long nowMillis) {
        if (deadline == null || basis == null || timeouts == null || basis.importing() || basis.window().claimed()) {
            return this;
        }
        Instant now = Instant.ofEpochMilli(nowMillis);
        Optional<Deadline> exact =
                basis.window().deadline(timeouts, halts).flatMap(found -> notHalted(found, halts, now));
        if (exact.isPresent() && !exact.get().at().isAfter(now)) {
            // A retry that nobody heard of ends as unclaimed, but not because of time that does not count.
            boolean unheard = deadline.said() > 0 && deadline.kind() == DeadlineKind.UNCLAIMED;
            boolean over = halts.after(basis.window().since(), timeouts.unclaimed())
                    .filter(at -> !at.isAfter(now))
                    .isPresent();
            DeadlineKind kind = unheard && over ? DeadlineKind.UNCLAIMED : exact.get().kind();
            return kind == deadline.kind()
                    ? this
                    : withDeadline(new ScheduledDeadline(kind, deadline.dueMillis(), deadline.said()));
        }
        Instant latest = now.plus(LONGEST_PUT_OFF);
        Instant next = exact.map(Deadline::at).filter(at -> at.isBefore(latest)).orElse(latest);
        DeadlineKind kind = exact.map(Deadline::kind).orElse(deadline.kind());
        return withDeadline(new ScheduledDeadline(kind, next.toEpochMilli(), 0));
    }

    /** A retry may have been due before the halt began, and nobody heard of it then. It is due again at the end. */
    private static Optional<Deadline> notHalted(Deadline found, Timeline halts, Instant now) {
        return found.kind() == DeadlineKind.RETRY_DUE && found.at().isBefore(now)
                ? halts.haltedUntil(now).map(at -> new Deadline(found.kind(), at))
                : Optional.of(found);
    }

    /**
     * The kind of a deadline that was reported and changed nothing. If the state-processor does not know the route of a
     * file without a target, it ignores that a retry is due. Then only UNCLAIMED ends the wait.
     */
    private DeadlineKind unheard(DeadlineKind kind, @Nullable Timeouts timeouts, long nowMillis) {
        return kind == DeadlineKind.RETRY_DUE && claimByMillis(timeouts) <= nowMillis ? DeadlineKind.UNCLAIMED : kind;
    }

    private long claimByMillis(@Nullable Timeouts timeouts) {
        Window window = Objects.requireNonNull(basis, "basis").window();
        return window.claimBy(timeouts == null ? Timeouts.DEFAULT : timeouts).toEpochMilli();
    }

    /** Returns the file after one more report of its deadline. The end of the wait is not reported late. */
    TrackedFile said(@Nullable Timeouts timeouts, long nowMillis) {
        ScheduledDeadline reported = Objects.requireNonNull(deadline, "deadline");
        ScheduledDeadline next = reported.again(nowMillis);
        if (basis == null || reported.kind() != DeadlineKind.RETRY_DUE) {
            return withDeadline(next);
        }
        long claimBy = claimByMillis(timeouts);
        return withDeadline(claimBy > nowMillis && claimBy < next.dueMillis()
                ? new ScheduledDeadline(next.kind(), claimBy, next.said())
                : next);
    }

    static Serde<TrackedFile> serde() {
        return Serdes.serdeFrom(
                (topic, file) -> file == null ? null : TrackedFileBytes.of(file),
                (topic, bytes) -> bytes == null ? null : TrackedFileBytes.parse(bytes));
    }
}
