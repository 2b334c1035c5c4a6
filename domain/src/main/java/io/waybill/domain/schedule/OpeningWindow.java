package io.waybill.domain.schedule;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hours of the week in which files may start. It is open exactly while a clock on the wall in its zone shows one of its
 * times. In the night in which an hour comes twice, it may be open twice.
 *
 * @param days on which it begins; not empty
 * @param from minute of the day, 0 to 1439; open from then on
 * @param to   minute of the day, 1 to 1440; closed from then on. If it is not after {@code from}, it is of the next day
 * @param zone of the clock
 */
public record OpeningWindow(Set<DayOfWeek> days, int from, int to, ZoneId zone) {
    /** Texts that {@link #parse} takes, and more, as a JSON Schema pattern. */
    public static final String PATTERN = "^([A-Za-z, -]+ +)?\\d{2}:\\d{2} *- *\\d{2}:\\d{2} +\\S+$";

    private static final Pattern FORM =
            Pattern.compile("(?:([A-Za-z, -]+?) +)?(\\d{2}):(\\d{2}) *- *(\\d{2}):(\\d{2})(?: +(\\S+))?");
    private static final String EXAMPLE = "'Mon-Fri 08:00-18:00 Europe/Berlin'";
    private static final List<String> NAMES = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;

    public OpeningWindow {
        if (days.isEmpty() || from < 0 || from >= DAY || to < 1 || to > DAY) {
            throw new IllegalArgumentException("no window: " + days + " " + from + " to " + to);
        }
        days = Set.copyOf(days);
    }

    /**
     * Reads {@code [DAYS] HH:MM-HH:MM ZONE}. Days are {@code Mon}, {@code Mon-Fri}, {@code Sat,Sun}; without them it is
     * every day.
     *
     * @throws IllegalArgumentException with what is expected and what was given
     */
    public static OpeningWindow parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a window such as " + EXAMPLE + ", was '" + text + "'");
        }
        if (form.group(6) == null) {
            throw new IllegalArgumentException(
                    "expected a time zone at the end, as in " + EXAMPLE + ", was '" + text + "'");
        }
        int from = minute(form.group(2), form.group(3), text);
        int to = minute(form.group(4), form.group(5), text);
        if (from == DAY || to == 0) {
            throw new IllegalArgumentException(
                    "a day begins at 00:00 and ends at 24:00, was '" + text + "'");
        }
        return new OpeningWindow(days(form.group(1), text), from, to, zone(form.group(6)));
    }

    private static int minute(String hours, String minutes, String text) {
        int minute = Integer.parseInt(hours) * HOUR + Integer.parseInt(minutes);
        if (Integer.parseInt(minutes) >= HOUR || minute > DAY) {
            throw new IllegalArgumentException("expected times from 00:00 to 24:00, was '" + text + "'");
        }
        return minute;
    }

    /**
     * Reads the name of a zone of the IANA database, or UTC. An offset such as +01:00 has no summer time, so it is not
     * taken for a place.
     */
    static ZoneId zone(String text) {
        try {
            if (text.equals("UTC") || text.contains("/")) {
                return ZoneId.of(text);
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("there is no time zone '" + text + "'", e);
        }
        throw new IllegalArgumentException(
                "expected a time zone such as Europe/Berlin, or UTC, was '" + text + "'");
    }

    private static Set<DayOfWeek> days(@Nullable String names, String text) {
        var days = EnumSet.noneOf(DayOfWeek.class);
        if (names == null) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        for (String part : names.split(" *, *", -1)) {
            String[] ends = part.split(" *- *", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException("expected days such as Mon-Fri or Sat,Sun, was '" + text + "'");
            }
            DayOfWeek last = day(ends[ends.length - 1], text);
            for (DayOfWeek day = day(ends[0], text); day != last; day = day.plus(1)) {
                days.add(day);
            }
            days.add(last);
        }
        return days;
    }

    private static DayOfWeek day(String name, String text) {
        int index = NAMES.indexOf(name.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new IllegalArgumentException("expected a day, one of Mon, Tue, Wed, Thu, Fri, Sat, Sun, was '" + name
                    + "' in '" + text + "'");
        }
        return DayOfWeek.of(index + 1);
    }

    /** Whether files may start. */
    boolean open(Instant at) {
        ZonedDateTime shown = at.atZone(zone);
        int minute = shown.getHour() * HOUR + shown.getMinute();
        DayOfWeek day = shown.getDayOfWeek();
        if (to > from) {
            return days.contains(day) && minute >= from && minute < to;
        }
        return days.contains(day) && minute >= from || days.contains(day.minus(1)) && minute < to;
    }

    /** A moment before which {@link #open} stays the same. */
    Instant next(Instant at) {
        return WallClock.next(zone, at, from, to);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        List<String> names = Arrays.stream(DayOfWeek.values())
                .filter(days::contains)
                .map(day -> NAMES.get(day.getValue() - 1))
                .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .toList();
        String all = names.size() == NAMES.size() ? "" : String.join(",", names) + " ";
        return all + time(from) + "-" + time(to) + " " + zone;
    }

    private static String time(int minute) {
        return String.format(Locale.ROOT, "%02d:%02d", minute / HOUR, minute % HOUR);
    }
}
