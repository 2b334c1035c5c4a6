package io.waybill.domain.schedule;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The all-day events of an iCalendar file (RFC 5545). Whatever would give other days than a person sees in a calendar
 * program is a fault: times of the day, and rules other than a plain yearly one.
 */
public final class CalendarFile {
    private static final Pattern FOLD = Pattern.compile("\\r?\\n[ \\t]");
    private static final Pattern LINE = Pattern.compile("\\r\\n|\\n|\\r");
    private static final Pattern DATE = Pattern.compile("\\d{8}");
    private static final Pattern YEARLY = Pattern.compile("FREQ=YEARLY(;INTERVAL=1)?|INTERVAL=1;FREQ=YEARLY");
    private static final Set<String> REFUSED = Set.of("RDATE", "EXDATE", "RECURRENCE-ID");
    private static final String EVENT = "VEVENT";

    private final List<Days> found = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private final Map<String, String> event = new HashMap<>();

    private CalendarFile() {}

    /**
     * Reads the days of all events. Cancelled events have none.
     *
     * @throws IllegalArgumentException if it is no calendar, or names the event that is not all-day or repeats otherwise
     */
    public static Days parse(String text) {
        String unfolded = FOLD.matcher(text).replaceAll("");
        if (!unfolded.stripLeading().replace("\uFEFF", "").startsWith("BEGIN:VCALENDAR")) {
            throw new IllegalArgumentException("is no iCalendar file: it does not begin with BEGIN:VCALENDAR");
        }
        var file = new CalendarFile();
        LINE.splitAsStream(unfolded.replace("\uFEFF", "")).filter(line -> !line.isBlank()).forEach(file::take);
        if (!file.open.isEmpty()) {
            throw new IllegalArgumentException("the calendar is cut: END:" + file.open.getLast() + " is missing");
        }
        return Days.of(file.found);
    }

    private void take(String line) {
        int colon = colon(line);
        String name = line.substring(0, colon < 0 ? line.length() : colon).split(";", 2)[0].toUpperCase(Locale.ROOT);
        String value = colon < 0 ? "" : line.substring(colon + 1).strip();
        switch (name) {
            case "BEGIN" -> begin(value.toUpperCase(Locale.ROOT));
            case "END" -> end(value.toUpperCase(Locale.ROOT));
            default -> {
                // Alarms in an event have properties of the same names.
                if (!open.isEmpty() && open.getLast().equals(EVENT)) {
                    event.put(name, value);
                }
            }
        }
    }

    /** The colon before the value: parameters may have others in quotes. */
    private static int colon(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ':' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private void begin(String component) {
        open.add(component);
        if (component.equals(EVENT)) {
            event.clear();
        }
    }

    private void end(String component) {
        if (open.isEmpty() || !open.removeLast().equals(component)) {
            throw new IllegalArgumentException("END:" + component + " has no BEGIN");
        }
        if (component.equals(EVENT) && !"CANCELLED".equalsIgnoreCase(event.get("STATUS"))) {
            found.add(days());
        }
    }

    private Days days() {
        String what = "the event '" + event.getOrDefault("SUMMARY", event.getOrDefault("UID", "without a name"))
                + "' on " + event.getOrDefault("DTSTART", "no day");
        REFUSED.stream().filter(event::containsKey).sorted().findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(what + " repeats by " + name + ": give its days as dates");
        });
        LocalDate first = date(event.get("DTSTART"), what);
        Days days = Days.range(first, end(first, what), what);
        String rule = event.get("RRULE");
        if (rule == null) {
            return days;
        }
        if (!YEARLY.matcher(rule.toUpperCase(Locale.ROOT)).matches()) {
            throw new IllegalArgumentException(
                    what + " repeats by RRULE:" + rule + ", expected FREQ=YEARLY alone: give its days as dates");
        }
        return days.eachYear();
    }

    /** The day after the last one. */
    private LocalDate end(LocalDate first, String what) {
        String end = event.get("DTEND");
        String duration = event.get("DURATION");
        try {
            LocalDate last = end != null ? date(end, what)
                    : duration != null ? first.plus(Period.parse(duration)) : first.plusDays(1);
            // RFC 5545, section 3.6.1, wants an end after the start. Some programs write the same day.
            return last.equals(first) ? first.plusDays(1) : last;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(what + " lasts '" + duration + "', expected whole days", e);
        }
    }

    private static LocalDate date(@Nullable String value, String what) {
        if (value == null || !DATE.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " is no all-day event: it has '" + value
                    + "', expected a date such as 20261224");
        }
        try {
            return LocalDate.parse(value, DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(what + " has no date of the calendar: '" + value + "'", e);
        }
    }
}
