package io.waybill.domain;

import io.waybill.domain.schedule.Timeline;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an open file waits for, without the length of the wait that its route allows. The length is looked up each time,
 * so that a change of the route applies to files that already wait.
 *
 * @param claimed whether a worker or importer has taken the attempt up
 * @param since   as in {@link FileState#since()}
 * @param due     until when the attempt is held back; null if it is not
 * @param heard   the last sign of life of the worker or importer that took it up; null if no heartbeats were asked for
 *                then
 */
public record Window(boolean claimed, Instant since, @Nullable Instant due, @Nullable Instant heard) {
    /**
     * The window of an open file.
     *
     * @param open its phase
     */
    public static Window of(FileState file, Phase.Open open) {
        return switch (open) {
            case Phase.Queued _ -> new Window(false, file.since(), null, null);
            case Phase.Waiting waiting -> new Window(false, file.since(), waiting.due(), null);
            case Phase.Started started ->
                new Window(true, file.since(), null, started.heartbeatBy() == null ? null : file.changedAt());
        };
    }

    /**
     * From when the attempt of an open file could be taken up, whether or not it was.
     *
     * @param timeouts of the route, for a state in which an earlier version did not say it
     */
    static Instant claimableSince(FileState file, Phase.Open open, Timeouts timeouts) {
        if (!(open instanceof Phase.Started)) {
            return file.since();
        }
        return file.claimableSince() == null ? open.claimBy().minus(timeouts.unclaimed()) : file.claimableSince();
    }

    /** What happens next if no report comes; the same as in {@link FileState#under}. */
    public Deadline deadline(Timeouts timeouts) {
        if (claimed) {
            return new Deadline(DeadlineKind.UNFINISHED, reportBy(timeouts));
        }
        Instant claimBy = claimBy(timeouts);
        return due == null || claimBy.isBefore(due)
                ? new Deadline(DeadlineKind.UNCLAIMED, claimBy)
                : new Deadline(DeadlineKind.RETRY_DUE, due);
    }

    /**
     * What happens next to a file that nobody has taken up, if the time does not count in which it may not start.
     *
     * @return empty as long as nobody knows
     */
    public Optional<Deadline> deadline(Timeouts timeouts, Timeline halts) {
        Optional<Deadline> unclaimed = halts.after(since, timeouts.unclaimed())
                .map(at -> new Deadline(DeadlineKind.UNCLAIMED, at));
        Optional<Deadline> retry = due == null
                ? Optional.empty()
                : halts.haltedUntil(due).map(at -> new Deadline(DeadlineKind.RETRY_DUE, at));
        return unclaimed.filter(end -> retry.isEmpty() || end.at().isBefore(retry.get().at())).or(() -> retry);
    }

    /** Until when a worker or importer must take the attempt up. */
    public Instant claimBy(Timeouts timeouts) {
        return since.plus(timeouts.unclaimed());
    }

    private Instant reportBy(Timeouts timeouts) {
        Instant finishBy = since.plus(timeouts.unfinished());
        if (heard == null || timeouts.heartbeat() == null) {
            return finishBy;
        }
        Instant heartbeatBy = heard.plus(timeouts.heartbeat());
        return heartbeatBy.isBefore(finishBy) ? heartbeatBy : finishBy;
    }
}
