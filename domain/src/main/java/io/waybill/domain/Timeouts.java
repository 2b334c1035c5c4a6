package io.waybill.domain;

import java.time.Duration;

/**
 * How long a stage may stand still.
 *
 * @param unclaimed  from becoming pending to being taken up, more than zero
 * @param unfinished from being taken up to its end, more than zero
 */
public record Timeouts(Duration unclaimed, Duration unfinished) {
    public static final Timeouts DEFAULT = new Timeouts(Duration.ofDays(7), Duration.ofDays(1));

    public Timeouts {
        if (!unclaimed.isPositive() || !unfinished.isPositive()) {
            throw new IllegalArgumentException(
                    "timeouts must be more than zero, but were: " + unclaimed + " and " + unfinished);
        }
    }
}
