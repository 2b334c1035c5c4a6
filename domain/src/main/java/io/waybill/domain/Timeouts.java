package io.waybill.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a stage may stand still.
 *
 * @param unclaimed  from becoming pending to being taken up, more than zero
 * @param unfinished from being taken up to its end, more than zero
 * @param heartbeat  from one sign of life of an importer to the next, more than zero; null if none is asked for
 */
public record Timeouts(Duration unclaimed, Duration unfinished, @Nullable Duration heartbeat) {
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofDays(7), Duration.ofDays(1));

    public Timeouts {
        if (!unclaimed.isPositive() || !unfinished.isPositive() || heartbeat != null && !heartbeat.isPositive()) {
            throw new IllegalArgumentException("timeouts must be more than zero, but were: " + unclaimed + " and "
                    + unfinished + (heartbeat == null ? "" : ", with a heartbeat of " + heartbeat));
        }
    }

    /** How long work for a file may exist that no process has reported on since. */
    public Duration sum() {
        return unclaimed.plus(unfinished);
    }

    /** Without heartbeats. */
    public Timeouts(Duration unclaimed, Duration unfinished) {
        this(unclaimed, unfinished, null);
    }
}
