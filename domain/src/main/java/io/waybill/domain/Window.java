package io.waybill.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an open file waits for, without how long its route lets it wait. That is looked up anew each time, so that a
 * change of the route is a change for the files that wait already.
 *
 * @param claimed whether somebody has taken the attempt up
 * @param since   as in {@link FileState#since()}
 * @param due     until when the attempt is held back; null where it is not
 * @param heard   when whoever took it up was last heard of; null where they were not asked to be heard of when they did
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
     * From when the attempt of an open file could be taken up, whether or not somebody did.
     *
     * @param timeouts of the route, for a state in which an earlier version did not say it
     */
    static Instant claimableSince(FileState file, Phase.Open open, Timeouts timeouts) {
        if (!(open instanceof Phase.Started)) {
            return file.since();
        }
        return file.claimableSince() == null ? open.claimBy().minus(timeouts.unclaimed()) : file.claimableSince();
    }

    /** What happens next if nobody reports; the same as of {@link FileState#under}. */
    public Deadline deadline(Timeouts timeouts) {
        if (claimed) {
            return new Deadline(DeadlineKind.UNFINISHED, reportBy(timeouts));
        }
        Instant claimBy = since.plus(timeouts.unclaimed());
        return due == null || claimBy.isBefore(due)
                ? new Deadline(DeadlineKind.UNCLAIMED, claimBy)
                : new Deadline(DeadlineKind.RETRY_DUE, due);
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
