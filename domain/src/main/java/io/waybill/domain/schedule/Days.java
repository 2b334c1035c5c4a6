package io.waybill.domain.schedule;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Days of a calendar.
 *
 * @param dates  single days
 * @param yearly days of each year; February 29 is one of leap years only
 */
public record Days(Set<LocalDate> dates, Set<MonthDay> yearly) {
    public static final Days NONE = new Days(Set.of(), Set.of());

    /** Texts that {@link #parse} takes, and more, as a JSON Schema pattern. */
    public static final String PATTERN = "^(--\\d{2}-\\d{2}|\\d{4}-\\d{2}-\\d{2}( */ *\\d{4}-\\d{2}-\\d{2})?)$";

    /** A longer range is a slip of the pen. */
    static final int MOST_DAYS = 366;

    public Days {
        dates = Set.copyOf(dates);
        yearly = Set.copyOf(yearly);
    }

    /**
     * Reads {@code 2026-12-24}, {@code 2026-12-24/2026-12-26} with both ends, or {@code --12-25} for each year.
     *
     * @throws IllegalArgumentException with what is expected and what was given
     */
    public static Days parse(String text) {
        String[] ends = text.strip().split(" */ *", -1);
        try {
            if (ends.length == 1 && ends[0].startsWith("--")) {
                return new Days(Set.of(), Set.of(MonthDay.parse(ends[0])));
            }
            if (ends.length <= 2) {
                LocalDate first = LocalDate.parse(ends[0]);
                LocalDate last = LocalDate.parse(ends[ends.length - 1]);
                return range(first, last.plusDays(1), "'" + text + "'");
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(expected(text), e);
        }
        throw new IllegalArgumentException(expected(text));
    }

    private static String expected(String text) {
        return "expected a date such as 2026-12-24, a range such as 2026-12-24/2026-12-26, or a day of each year such as"
                + " --12-25, was '" + text + "'";
    }

    /**
     * The days from the first one to the end.
     *
     * @param end  the day after the last one
     * @param what for the message
     */
    static Days range(LocalDate first, LocalDate end, String what) {
        long length = ChronoUnit.DAYS.between(first, end);
        if (length < 1 || length > MOST_DAYS) {
            throw new IllegalArgumentException(
                    "expected 1 to " + MOST_DAYS + " days, were " + length + " in " + what);
        }
        return new Days(Set.copyOf(first.datesUntil(end).toList()), Set.of());
    }

    /** The same days of each year. */
    Days eachYear() {
        var all = new HashSet<>(yearly);
        dates.forEach(date -> all.add(MonthDay.from(date)));
        return new Days(Set.of(), all);
    }

    /** The days of all of them. */
    public static Days of(List<Days> parts) {
        var dates = new HashSet<LocalDate>();
        var yearly = new HashSet<MonthDay>();
        parts.forEach(part -> {
            dates.addAll(part.dates);
            yearly.addAll(part.yearly);
        });
        return new Days(dates, yearly);
    }

    public boolean isEmpty() {
        return dates.isEmpty() && yearly.isEmpty();
    }

    boolean contains(LocalDate day) {
        return dates.contains(day) || yearly.contains(MonthDay.from(day));
    }
}
