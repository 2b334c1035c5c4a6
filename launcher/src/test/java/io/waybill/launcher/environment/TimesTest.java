package io.waybill.launcher.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** People at night write "2h" and "yesterday", not an instant in UTC. */
final class TimesTest {
    /** Half past midnight of the 30th of March in Berlin; the clocks went forward the night before. */
    private static final Times BERLIN = new Times(Instant.parse("2026-03-29T22:30:00Z"), ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
            "2026-01-31T12:00:00Z,      2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00+01:00, 2026-01-31T11:00:00Z",
            "2h,                        2026-03-29T20:30:00Z",
            "90m,                       2026-03-29T21:00:00Z",
            "7d,                        2026-03-22T22:30:00Z",
            "today,                     2026-03-29T22:00:00Z",
            "yesterday,                 2026-03-28T23:00:00Z",
            "2026-03-28,                2026-03-27T23:00:00Z"
    })
    void shouldReadTimesAsPeopleWriteThem(String text, Instant expected) {
        assertThat(BERLIN.read("--since", text)).isEqualTo(expected);
    }

    @Test
    void shouldBeginADayWhenItBeginsThere() {
        var santiago = new Times(Instant.parse("2026-09-06T12:00:00Z"), ZoneId.of("America/Santiago"));

        assertThat(santiago.read("--since", "today")).as("midnight is skipped").isEqualTo("2026-09-06T04:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "-1h", "2 hours", "2026-02-30", "31.01.2026", "tomorrow", "2026-01-31T12:00:00"})
    void shouldSayWhatATimeLooksLike(String text) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> BERLIN.read("--since", text))
                .withMessageContainingAll("--since: expected", "yesterday", "2h", "'" + text + "'");
    }
}
