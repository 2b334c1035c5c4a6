package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.launcher.environment.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PauseCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-14T12:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"00:00", "06:00", "12:00", "23:59"})
    void shouldEndAtTheNextTimeThatTheClockHereShows(String time) {
        Instant end = PauseCommand.end(time, NOW);

        assertThat(end).isAfter(NOW).isBeforeOrEqualTo(NOW.plus(Duration.ofHours(25)));
        assertThat(end.atZone(ZoneId.systemDefault()).toLocalTime()).isEqualTo(LocalTime.parse(time));
    }

    @Test
    void shouldEndAfterAWhileOrAtAnInstant() {
        assertThat(PauseCommand.end("2h", NOW)).isEqualTo(NOW.plus(Duration.ofHours(2)));
        assertThat(PauseCommand.end("2026-01-15T06:00:00+01:00", NOW)).isEqualTo("2026-01-15T05:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "25:00", "tomorrow", "2026-01-15T06:00"})
    void shouldSayWhichTimesItTakes(String text) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> PauseCommand.end(text, NOW))
                .withMessageContaining("--until: expected a time such as 06:00, 2h or");
    }
}
