package io.waybill.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import io.waybill.runtime.halt.Halts;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class HaltWatchTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(HaltWatch.class);

    private static final Instant START = Instant.parse("2026-01-14T12:00:00Z");
    private static final Suspension ACME =
            Suspension.none(new Subject.Destination(new DestinationName("acme")));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Halts halts = new Halts(Map.of());
    private Instant now = START;
    private final HaltWatch watch = new HaltWatch(halts, meters, () -> now);

    private void passes(Duration time) {
        now = now.plus(time);
        watch.look();
    }

    @Test
    void shouldRemindOfAPauseWithoutAnEndOnceADay() {
        halts.heard(ACME.paused(START, null, "ann", "maintenance"));
        for (int hour = 0; hour < 49; hour++) {
            passes(Duration.ofHours(1));
        }

        assertThat(warnings.lines()).hasSize(3).allMatch(line -> line.contains("acme") && line.contains("ann"));
    }

    @Test
    void shouldNotRemindOfAPauseThatEndsByItself() {
        halts.heard(ACME.paused(START, START.plus(Duration.ofDays(9)), "ann", ""));
        passes(Duration.ofDays(2));

        assertThat(warnings.lines()).isEmpty();
    }

    @Test
    void shouldShowWhatIsPausedAsAMetricUntilItIsResumed() {
        Suspension paused = ACME.paused(START, START.plus(Duration.ofHours(1)), "ann", "");
        halts.heard(paused);
        passes(Duration.ofMinutes(1));
        assertThat(shown()).isEqualTo(1);

        halts.heard(paused.resumed(now, "ann", ""));
        passes(Duration.ofMinutes(1));
        assertThat(shown()).isZero();
    }

    private double shown() {
        return meters.get("waybill.halted").tag("destination", "acme").tag("kind", "PAUSED").gauge().value();
    }
}
