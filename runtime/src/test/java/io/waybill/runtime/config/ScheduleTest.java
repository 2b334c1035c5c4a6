package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.FINGERPRINT;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows and calendars, as a configuration has them. */
final class ScheduleTest {
    private static String acme(String keys) {
        return CLUSTER
                + """
                  destinations:
                    acme:
                      host: sftp.acme.example
                      user: waybill
                      password: env:ACME
                      hostKeys: [%s]
                      %s
                  """
                        .formatted(FINGERPRINT, keys);
    }

    @Test
    void shouldAlwaysBeOpenWithoutWindows() {
        assertThat(ConfigFixture.acme(ConfigFixture.read(CLUSTER + ACME)).schedule()).isEqualTo(Schedule.ALWAYS);
    }

    @Test
    void shouldBeOpenInItsWindowsAndClosedOnTheDaysOfItsCalendars(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("days.ics"),
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260115\nEND:VEVENT\nEND:VCALENDAR\n");

        Schedule schedule = ConfigFixture.acme(ConfigFixture.read(acme("""
                windows: ["Mon-Fri 08:00-18:00 Europe/Berlin"]
                    blackout: [holidays, target]
                calendars:
                  holidays: { zone: Europe/Berlin, dates: [2026-01-13, "--12-25"] }
                  target: { zone: Europe/Berlin, file: %s }
                """.formatted(file)))).schedule();

        assertThat(schedule.halted(Instant.parse("2026-01-14T08:00:00Z"))).as("Wednesday").isFalse();
        assertThat(schedule.halted(Instant.parse("2026-01-14T18:00:00Z"))).as("Wednesday evening").isTrue();
        assertThat(schedule.halted(Instant.parse("2026-01-13T08:00:00Z"))).as("a date").isTrue();
        assertThat(schedule.halted(Instant.parse("2026-01-15T08:00:00Z"))).as("a date of the file").isTrue();
        assertThat(schedule.halted(Instant.parse("2030-12-25T08:00:00Z"))).as("each year").isTrue();
    }

    @Test
    void shouldNameEachFaultWithItsPlace() {
        assertThat(ConfigFixture.problems(acme("""
                windows: ["Mon-Fri 08:00-18:00", "Mo 08:00-18:00 UTC"]
                    blackout: [holiday]
                calendars:
                  holidays: { dates: [24.12.2026] }
                  none: { zone: Berlin }
                """)))
                .anySatisfy(fault -> assertThat(fault)
                        .contains(":11:").contains("destinations.acme.windows: expected a time zone at the end"))
                .anySatisfy(fault -> assertThat(fault).contains("expected a day, one of Mon"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("destinations.acme.blackout: there is no calendar 'holiday'")
                        .contains("did you mean 'holidays'?"))
                .anySatisfy(fault -> assertThat(fault).contains("calendars.holidays.zone: is missing"))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("calendars.holidays.dates: expected a date such as 2026-12-24"))
                .anySatisfy(fault -> assertThat(fault).contains("calendars.none.zone: expected a time zone such as"))
                .anySatisfy(
                        fault -> assertThat(fault).contains("calendars.none.dates: is missing: give dates or a file"))
                .hasSize(7);
    }
}
