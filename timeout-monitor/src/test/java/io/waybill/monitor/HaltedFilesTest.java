package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.FAR;
import static io.waybill.monitor.MonitorUnderTest.START;
import static io.waybill.monitor.MonitorUnderTest.file;
import static io.waybill.monitor.MonitorUnderTest.queued;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import io.waybill.runtime.streams.DueIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is not given up because of time in which it may not start. It has two hours. */
final class HaltedFilesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Suspension ACME =
            Suspension.none(new Subject.Destination(new DestinationName("acme")));

    private MonitorUnderTest monitor;

    @BeforeEach
    void open(@TempDir Path directory) {
        monitor = monitor(directory, "");
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    private static MonitorUnderTest monitor(Path directory, String windows) {
        return new MonitorUnderTest(directory, START, DueIndex.Budget.DEFAULT, """
                destinations:
                  acme:
                    host: sftp.acme.example
                    user: waybill
                    password: env:ACME_PASSWORD
                    hostKeys: ["SHA256:%s"]
                    %s
                routes:
                  invoices:
                    source: { bucket: outbound }
                    deliver: { destination: acme, path: "/{name}" }
                    timeouts: { unclaimed: 2h, unfinished: 1d }
                """.formatted("q".repeat(42) + "o", windows));
    }

    private static Instant hour(int hours) {
        return START.plus(Duration.ofHours(hours));
    }

    private void passHours(int hours) {
        for (int i = 0; i < hours; i++) {
            monitor.passes(HOUR);
        }
    }

    @Test
    void shouldNotGiveAFileUpWhileItsDestinationIsPaused() {
        monitor.hears(ACME.paused(hour(0), null, "ann", ""));
        monitor.told(file(1, 1, queued(FAR)));

        passHours(100);

        assertThat(monitor.said()).isEmpty();
    }

    @Test
    void shouldGiveAFileUpWhenItsTimeOutsideOfPausesIsOver() {
        monitor.told(file(1, 1, queued(FAR)));
        monitor.passes(HOUR);
        Suspension paused = ACME.paused(hour(1), null, "ann", "");
        monitor.hears(paused);
        passHours(9);
        monitor.hears(paused.resumed(hour(10), "ann", ""));

        monitor.passes(Duration.ofMinutes(59));
        assertThat(monitor.said()).isEmpty();
        monitor.passes(HOUR);

        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.UNCLAIMED);
    }

    @Test
    void shouldNotHandOutAFileWhoseRouteIsPausedUntilThePauseEnds() {
        monitor.hears(Suspension.none(new Subject.OfRoute(new RouteName("invoices")))
                .paused(hour(0), hour(5), "ann", ""));
        monitor.told(file(1, 3, new Phase.Waiting(
                Stage.DELIVERY, Attempt.FIRST, FAR, START.plusSeconds(60), Phase.Waiting.Cause.DEFERRAL,
                new Failure(FailureKind.UNREACHABLE, "paused"))));

        for (int minute = 0; minute < 299; minute++) {
            monitor.passes(Duration.ofMinutes(1));
        }
        assertThat(monitor.said()).isEmpty();
        monitor.passes(Duration.ofMinutes(1));

        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.RETRY_DUE);
    }

    /** The monitor may have been away when the retry was due. */
    @Test
    void shouldNotHandOutAFileInAPauseThatWasDueBeforeIt() {
        monitor.told(file(1, 3, new Phase.Waiting(
                Stage.DELIVERY, Attempt.FIRST.next(), FAR, START.plusSeconds(60), Phase.Waiting.Cause.FAILURE,
                new Failure(FailureKind.CONNECTION_LOST, "gone"))));
        monitor.hears(ACME.paused(START.plusSeconds(90), hour(5), "ann", ""));

        passHours(4);
        assertThat(monitor.said()).isEmpty();
        passHours(1);

        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.RETRY_DUE);
    }

    @Test
    void shouldGiveUpAFileThatWaitsForAnImporterThoughItsDestinationIsPaused() {
        monitor.hears(ACME.paused(hour(0), null, "ann", ""));
        monitor.told(file(1, 5, new Phase.Queued(Stage.IMPORT, Attempt.FIRST, FAR)));

        passHours(3);

        assertThat(monitor.said()).extracting(DeadlineReached::kind).contains(DeadlineKind.UNCLAIMED);
    }

    @Test
    void shouldNotCountTheNightInWhichNoWindowIsOpen(@TempDir Path directory) {
        monitor.close();
        // START is a Thursday, at midnight.
        monitor = monitor(directory, "windows: 08:00-18:00 UTC");
        monitor.told(file(1, 1, queued(FAR)));

        passHours(9);
        assertThat(monitor.said()).isEmpty();
        passHours(1);

        assertThat(monitor.said()).extracting(DeadlineReached::at).containsExactly(hour(10));
    }

    /** The state-processor may be away when the pause ends. */
    @Test
    void shouldNotGiveAFileUpBecauseNobodyHeardOfItsRetryAfterALongPause() {
        Suspension paused = ACME.paused(hour(0), null, "ann", "");
        monitor.hears(paused);
        monitor.told(file(1, 3, new Phase.Waiting(
                Stage.DELIVERY, Attempt.FIRST, FAR, START.plusSeconds(60), Phase.Waiting.Cause.DEFERRAL,
                new Failure(FailureKind.UNREACHABLE, "paused"))));
        passHours(10);
        monitor.hears(paused.resumed(hour(10), "ann", ""));

        for (int minute = 0; minute < 75; minute++) {
            monitor.passes(Duration.ofMinutes(1));
        }

        assertThat(monitor.said()).isNotEmpty().extracting(DeadlineReached::kind)
                .containsOnly(DeadlineKind.RETRY_DUE);
    }
}
