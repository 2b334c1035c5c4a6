package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final List<String> PASSED = List.of(
            "sftp.replace.before", "sftp.replace.after", "file.finish.after", "kafka.commit.before",
            "kafka.commit.after", "kafka.send-completed.before");

    private static List<Fault> all(Schedule schedule) {
        var faults = new ArrayList<Fault>();
        for (Optional<Fault> next = schedule.next(); next.isPresent(); next = schedule.next()) {
            faults.add(next.get());
        }
        return faults;
    }

    @Test
    void shouldDrawTheSameFaultsFromTheSameSeed() {
        List<Fault> once = all(Schedule.drawn(7, 100, PASSED, List.of()));
        assertThat(once).isEqualTo(all(Schedule.drawn(7, 100, PASSED, List.of())));
        assertThat(once).isNotEqualTo(all(Schedule.drawn(8, 100, PASSED, List.of())));
    }

    @Test
    void shouldBringEveryActionToEveryPointWhereItMakesSense() {
        List<Fault> faults = all(Schedule.drawn(1, 1000, PASSED, List.of()));
        assertThat(faults).hasSizeBetween(990, 1010).allMatch(fault -> Schedule.fits(fault.action(), fault.point()));
        for (FaultAction action : FaultAction.values()) {
            assertThat(faults.stream().filter(fault -> fault.action() == action).map(Fault::point).distinct())
                    .as("points of %s", action)
                    .containsExactlyInAnyOrderElementsOf(
                            PASSED.stream().filter(point -> Schedule.fits(action, point)).toList());
        }
    }

    @Test
    void shouldLetRecoveryComeToItsEnd() {
        Schedule schedule = Schedule.drawn(1, 1000, PASSED, List.of("sftp.stat.before"));
        assertThat(schedule.lurking()).hasSize(1);
        int more = 0;
        while (schedule.lurkingAt("sftp.stat.before").isPresent()) {
            more++;
        }
        assertThat(more).isBetween(1, 10);
    }

    @Test
    void shouldReadFaultsAsTheyAreTold() {
        var fault = new Fault(12, "kafka.send-completed.after", 2, FaultAction.UNKNOWN);
        assertThat(Fault.parse(fault.line())).isEqualTo(fault);
    }
}
