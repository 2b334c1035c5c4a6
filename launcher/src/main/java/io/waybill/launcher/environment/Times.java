package io.waybill.launcher.environment;

import io.waybill.runtime.time.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the times of options as people write them. Immutable.
 *
 * @param now  from which ages and days are counted
 * @param zone in which a day begins
 */
record Times(Instant now, ZoneId zone) {
    /** An instant of the option; throws {@link CommandException} that says what was expected. */
    Instant read(String option, String text) {
        List<Function<String, Instant>> forms = List.of(
                Instant::parse,
                offset -> OffsetDateTime.parse(offset).toInstant(),
                this::day,
                age -> now.minus(Durations.parse(age)));
        for (Function<String, Instant> form : forms) {
            try {
                return form.apply(text);
            } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
                // It may be of the next form.
            }
        }
        throw CommandException.usage(option + ": expected an instant such as 2026-01-31T12:00:00Z, a day such as"
                + " 2026-01-31, today or yesterday, or a time such as 2h, was '" + text + "'");
    }

    private Instant day(String text) {
        LocalDate today = now.atZone(zone).toLocalDate();
        LocalDate day = switch (text) {
            case "today" -> today;
            case "yesterday" -> today.minusDays(1);
            default -> LocalDate.parse(text);
        };
        // Where clocks change at midnight, the day begins later.
        return day.atStartOfDay(zone).toInstant();
    }
}
