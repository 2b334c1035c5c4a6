package io.waybill.domain.schedule;

import java.time.Instant;
import java.time.ZoneId;

/**
 * A calendar of days on which nothing starts: from the midnight of its zone to the next.
 *
 * @param name in the configuration, for people
 */
public record ClosedDays(String name, ZoneId zone, Days days) implements Timeline {
    /**
     * Reads the name of a time zone.
     *
     * @throws IllegalArgumentException with what is expected and what was given
     */
    public static ZoneId zone(String text) {
        return OpeningWindow.zone(text);
    }

    @Override
    public boolean halted(Instant at) {
        return days.contains(at.atZone(zone).toLocalDate());
    }

    @Override
    public Instant next(Instant at) {
        return WallClock.next(zone, at);
    }
}
