package io.waybill.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalendarFileTest {
    private static String calendar(String... lines) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + String.join("\r\n", lines)
                + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    }

    @Test
    void shouldCloseOnAllDaysOfAnEventUntilItsEndWhichIsNotOne() {
        Days days = CalendarFile.parse(calendar(
                "SUMMARY:Christmas", "DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"));

        assertThat(days.dates()).containsExactlyInAnyOrder(
                LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 25), LocalDate.of(2026, 12, 26));
    }

    @Test
    void shouldCloseOnTheOneDayOfAnEventWithoutAnEnd() {
        assertThat(CalendarFile.parse(calendar("DTSTART;VALUE=DATE:20260501")).dates())
                .containsExactly(LocalDate.of(2026, 5, 1));
    }

    @Test
    void shouldCloseEachYearIfTheEventIsYearly() {
        Days days = CalendarFile.parse(calendar("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY"));

        assertThat(days.yearly()).containsExactly(MonthDay.of(1, 1));
        assertThat(new ClosedDays("x", ZoneId.of("UTC"), days)
                .halted(LocalDate.of(2031, 1, 1).atStartOfDay(ZoneId.of("UTC")).toInstant())).isTrue();
    }

    @Test
    void shouldReadFoldedLinesAndLeaveAlarmsAndCancelledEventsOut() {
        Days days = CalendarFile.parse("""
                BEGIN:VCALENDAR
                BEGIN:VEVENT
                DTSTART;VALUE=DA
                 TE:20260501
                BEGIN:VALARM
                DURATION:PT15M
                END:VALARM
                END:VEVENT
                BEGIN:VEVENT
                STATUS:CANCELLED
                DTSTART;VALUE=DATE:20260502
                END:VEVENT
                END:VCALENDAR
                """);

        assertThat(days.dates()).containsExactly(LocalDate.of(2026, 5, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "DTSTART;TZID=Europe/Berlin:20260501T090000 | is no all-day event",
            "RRULE:FREQ=WEEKLY | is no all-day event",
            "DTSTART:20260532 | has no date of the calendar"})
    void shouldNameTheEventThatItCannotRead(String line, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CalendarFile.parse(calendar("SUMMARY:May Day", line)))
                .withMessageContaining(message)
                .withMessageContaining("May Day");
    }

    @Test
    void shouldRefuseARuleOfWhichItKnowsNotTheDays() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CalendarFile.parse(
                        calendar("DTSTART;VALUE=DATE:20260501", "RRULE:FREQ=YEARLY;BYDAY=1MO")))
                .withMessageContaining("expected FREQ=YEARLY alone");
    }

    @Test
    void shouldRefuseWhatIsNoCalendarOrOnlyAPartOfOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CalendarFile.parse("<html>sign in</html>"))
                .withMessageContaining("is no iCalendar file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CalendarFile.parse("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260501\n"))
                .withMessageContaining("cut");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "2026-13-01 | expected a date such as",
            "24.12.2026 | expected a date such as",
            "--02-30 | expected a date such as",
            "2026-12-26/2026-12-24 | expected 1 to 366 days",
            "2026-01-01/2028-01-01 | expected 1 to 366 days"})
    void shouldSayWhichDatesItTakes(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Days.parse(text)).withMessageContaining(message);
    }
}
