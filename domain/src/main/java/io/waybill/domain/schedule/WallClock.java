package io.waybill.domain.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** When the clocks of a zone next show something, in the nights in which they are put forward or back, too. */
final class WallClock {
    /** Today, and the next two days: at least one midnight is ahead, whatever was put back. */
    private static final int DAYS = 3;

    private WallClock() {}

    /**
     * The first moment after an instant at which the clocks show midnight or one of these times, or are put forward or
     * back.
     *
     * @param minutes of the day, 0 to 1440
     */
    static Instant next(ZoneId zone, Instant at, int... minutes) {
        ZoneRules rules = zone.getRules();
        ZoneOffsetTransition transition = rules.nextTransition(at);
        Instant first = transition == null ? Instant.MAX : transition.getInstant();
        LocalDate today = at.atZone(zone).toLocalDate();
        for (int day = 0; day < DAYS; day++) {
            LocalDateTime midnight = today.plusDays(day).atStartOfDay();
            first = sooner(first, rules, midnight, at);
            for (int minute : minutes) {
                first = sooner(first, rules, midnight.plusMinutes(minute), at);
            }
        }
        return first;
    }

    /** A time that is shown twice counts twice. One that is never shown is skipped at a transition. */
    private static Instant sooner(Instant first, ZoneRules rules, LocalDateTime shown, Instant after) {
        Instant best = first;
        for (ZoneOffset offset : rules.getValidOffsets(shown)) {
            Instant moment = shown.toInstant(offset);
            if (moment.isAfter(after) && moment.isBefore(best)) {
                best = moment;
            }
        }
        return best;
    }
}
