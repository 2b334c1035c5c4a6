package io.waybill.domain.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpeningWindowTest {
    private static Schedule schedule(String... windows) {
        return new Schedule(List.of(windows).stream().map(OpeningWindow::parse).toList(), List.of());
    }

    @ParameterizedTest
    @CsvSource({
            // A Friday in winter and one in summer: one and two hours before UTC.
            "2026-01-16T06:59:59Z, false",
            "2026-01-16T07:00:00Z, true",
            "2026-01-16T16:59:59Z, true",
            "2026-01-16T17:00:00Z, false",
            "2026-07-17T06:00:00Z, true",
            "2026-07-17T16:00:00Z, false",
            // Saturday.
            "2026-01-17T10:00:00Z, false"})
    void shouldBeOpenInTheHoursOfThePlace(Instant at, boolean open) {
        assertThat(schedule("Mon-Fri 08:00-18:00 Europe/Berlin").halted(at)).isNotEqualTo(open);
    }

    @Test
    void shouldOpenAtThreeInTheNightThatHasNoHalfPastTwo() {
        Schedule night = schedule("Sun 02:30-04:00 Europe/Berlin");

        assertThat(night.haltedUntil(Instant.parse("2026-03-29T00:00:00Z")))
                .contains(Instant.parse("2026-03-29T01:00:00Z"));
    }

    @Test
    void shouldOpenTwiceInTheNightThatHasTwoHalfPastTwos() {
        Schedule night = schedule("Sun 02:30-04:00 Europe/Berlin");

        assertThat(night.haltedUntil(Instant.parse("2026-10-25T00:00:00Z")))
                .contains(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(night.haltedUntil(Instant.parse("2026-10-25T01:00:00Z")))
                .contains(Instant.parse("2026-10-25T01:30:00Z"));
    }

    @Test
    void shouldGoOnIntoTheNextDayIfItEndsBeforeItBegins() {
        Schedule night = schedule("Fri 22:00-06:00 UTC");

        assertThat(night.halted(Instant.parse("2026-01-17T05:59:00Z"))).isFalse();
        assertThat(night.halted(Instant.parse("2026-01-17T06:00:00Z"))).isTrue();
        assertThat(night.halted(Instant.parse("2026-01-17T22:00:00Z"))).isTrue();
    }

    @Test
    void shouldNotCountANightForAFileThatArrivesBeforeItsWindowCloses() {
        Schedule office = schedule("Mon-Fri 08:00-18:00 UTC");

        // Friday 17:00: one hour then, and the second one from Monday 08:00 on.
        assertThat(office.after(Instant.parse("2026-01-16T17:00:00Z"), Duration.ofHours(2)))
                .contains(Instant.parse("2026-01-19T09:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Mon-Fri 08:00-18:00 Europe/Berlin",
            "08:00-24:00 UTC",
            "Sat,Sun 22:00-06:00 America/New_York",
            "fri-mon 00:00-24:00 Europe/Berlin"})
    void shouldReadWhatItPrints(String text) {
        OpeningWindow window = OpeningWindow.parse(text);

        assertThat(OpeningWindow.parse(window.toString())).isEqualTo(window);
        assertThat(text).matches(OpeningWindow.PATTERN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "Mon-Fri 08:00-18:00 | expected a time zone at the end",
            "Mon-Fri 08:00-18:00 Europe/Berln | there is no time zone 'Europe/Berln'",
            "Mon-Fri 08:00-18:00 +01:00 | expected a time zone such as Europe/Berlin",
            "Mon-Fri 08:00-18:00 CET | expected a time zone such as Europe/Berlin",
            "Mo-Fr 08:00-18:00 Europe/Berlin | expected a day, one of Mon",
            "Mon-Fri 8-18 Europe/Berlin | expected a window such as",
            "08:00-24:30 UTC | expected times from 00:00 to 24:00",
            "08:61-10:00 UTC | expected times from 00:00 to 24:00",
            "24:00-10:00 UTC | a day begins at 00:00"})
    void shouldSayWhatItExpects(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpeningWindow.parse(text))
                .withMessageContaining(message);
    }
}
