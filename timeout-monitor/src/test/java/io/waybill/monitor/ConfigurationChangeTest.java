package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.FAR;
import static io.waybill.monitor.MonitorUnderTest.START;
import static io.waybill.monitor.MonitorUnderTest.file;
import static io.waybill.monitor.MonitorUnderTest.id;
import static io.waybill.monitor.MonitorUnderTest.queued;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueKey;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A monitor that is started with another configuration counts the deadlines of open files by it. */
final class ConfigurationChangeTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(MonitorProcessor.class);

    private static final Phase STARTED =
            new Phase.Started(Stage.IMPORT, Attempt.FIRST, FAR, START.plus(Duration.ofDays(1)), "w");

    private MonitorUnderTest monitor;
    private Path second;

    @BeforeEach
    void open(@TempDir Path first, @TempDir Path second) {
        this.second = second;
        monitor = new MonitorUnderTest(first, START, DueIndex.Budget.DEFAULT, route("unclaimed: 7d, unfinished: 1d"));
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    private static String route(String timeouts) {
        return """
               routes:
                 invoices:
                   source: { bucket: outbound }
                   import: { required: true, heartbeat: 10m }
                   timeouts: { %s }
               """
                .formatted(timeouts);
    }

    /** Goes on, from a time on, with what the one before left and other time-outs. */
    private void restarted(Instant start, String timeouts) {
        var next = new MonitorUnderTest(second, start, DueIndex.Budget.DEFAULT, route(timeouts));
        next.restore(monitor);
        monitor.close();
        monitor = next;
    }

    /** Otherwise no deadline of any file would pass any more. */
    @Test
    void shouldMakeADeadLetterOfAStateWhoseTimesCannotBeCountedOn() {
        FileState like = file(1, 1, queued(START));
        monitor.told(new FileState(
                like.id(), like.route(), like.source(), null, null, like.phase(), null, 1, START, START,
                Instant.ofEpochMilli(Long.MAX_VALUE)));
        monitor.told(file(2, 1, queued(START)));

        assertThat(monitor.deadLetters()).singleElement().isInstanceOfSatisfying(DeadLetter.Poison.class, letter -> {
            assertThat(letter.reason()).contains("a state that the monitor cannot follow");
            assertThat(letter.value()).isNotEmpty();
        });
        assertThat(monitor.tracked().get(like.id())).isNull();
        assertThat(monitor.tracked().get(id(2))).isNotNull();
    }

    @Test
    void shouldReachADeadlineSoonerThatIsShortened() {
        monitor.told(file(1, 1, queued(FAR)));

        restarted(START.plusSeconds(60), "unclaimed: 10m, unfinished: 1d");
        monitor.passes(Duration.ofSeconds(539));
        assertThat(monitor.said()).isEmpty();
        monitor.passes(Duration.ofSeconds(1));

        assertThat(monitor.said())
                .containsExactly(new DeadlineReached(id(1), START.plusSeconds(600), DeadlineKind.UNCLAIMED, 1));
    }

    @Test
    void shouldReachAtOnceADeadlineThatWouldHavePassedByTheNewConfiguration() {
        monitor.told(file(1, 2, STARTED));

        restarted(START.plus(Duration.ofHours(2)), "unclaimed: 7d, unfinished: 1h");
        monitor.passes(Duration.ofSeconds(1));

        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.UNFINISHED);
    }

    @Test
    void shouldReachADeadlineLaterThatIsLengthened() {
        monitor.told(file(1, 1, queued(FAR)));

        restarted(FAR.minusSeconds(60), "unclaimed: 8d, unfinished: 1d");
        monitor.passes(Duration.ofHours(24));
        assertThat(monitor.said()).isEmpty();
        monitor.passes(Duration.ofSeconds(60));

        assertThat(monitor.said()).hasSize(1);
    }

    @Test
    void shouldTakeBackADeadlineThatWasSaidTooSoonByTheNewConfigurationAndNotHeard() {
        monitor.told(file(1, 1, queued(FAR)));
        monitor.passes(Duration.ofDays(7));
        assertThat(monitor.said()).hasSize(1);

        restarted(FAR.plusSeconds(1), "unclaimed: 8d, unfinished: 1d");
        monitor.passes(Duration.ofHours(23));
        assertThat(monitor.said()).isEmpty();
        monitor.passes(Duration.ofHours(1));

        assertThat(monitor.said()).hasSize(1);
    }

    @Test
    void shouldTurnARetryThatIsNotDueBeforeTheFileMustBeClaimedIntoATimeOut() {
        var reason = new Failure(FailureKind.UNREACHABLE, "down");
        monitor.told(file(
                1,
                2,
                new Phase.Waiting(
                        Stage.DELIVERY,
                        Attempt.FIRST,
                        FAR,
                        START.plusSeconds(3600),
                        Phase.Waiting.Cause.DEFERRAL,
                        reason)));

        restarted(START.plusSeconds(1), "unclaimed: 10m, unfinished: 1d");
        monitor.passes(Duration.ofMinutes(10));

        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.UNCLAIMED);
    }

    /** It waits without a target. The state-processor ignores that its retry is due, until it knows the route. */
    private static Phase unplaced() {
        return new Phase.Waiting(
                Stage.DELIVERY,
                Attempt.FIRST,
                FAR,
                FAR.plusMillis(1),
                Phase.Waiting.Cause.DEFERRAL,
                new Failure(FailureKind.UNKNOWN_DESTINATION, "no route of the name 'invoices' is configured here"));
    }

    @Test
    void shouldGiveUpAFileWhoseRouteOnlyTheMonitorKnowsAfterTheTimeThatTheRouteAllows() {
        restarted(START, "unclaimed: 14d, unfinished: 1d");
        monitor.told(file(1, 1, unplaced()));

        monitor.passes(Duration.ofDays(7).plusSeconds(1));
        assertThat(monitor.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.RETRY_DUE);
        for (int hour = 0; hour < 7 * 24 - 1; hour++) {
            monitor.passes(Duration.ofHours(1));
        }
        assertThat(monitor.said()).isNotEmpty().extracting(DeadlineReached::kind).containsOnly(DeadlineKind.RETRY_DUE);
        monitor.passes(Duration.ofHours(1));

        assertThat(monitor.said())
                .containsExactly(new DeadlineReached(id(1), monitor.now(), DeadlineKind.UNCLAIMED, 1));
    }

    @Test
    void shouldGiveUpAFileWhoseRouteTheMonitorKnewOnce(@TempDir Path third) {
        restarted(START, "unclaimed: 14d, unfinished: 1d");
        monitor.told(file(1, 1, unplaced()));
        monitor.passes(Duration.ofDays(7).plusSeconds(1));
        assertThat(monitor.said()).hasSize(1);

        try (var without = new MonitorUnderTest(third, monitor.now(), DueIndex.Budget.DEFAULT)) {
            without.restore(monitor);
            without.passes(Duration.ofMinutes(1));

            assertThat(without.said()).extracting(DeadlineReached::kind).containsExactly(DeadlineKind.UNCLAIMED);
        }
    }

    @Test
    void shouldWaitForHeartbeatsOnlyOfThoseWhoWereAskedForThem() {
        monitor.told(
                file(1, 2, STARTED),
                file(
                        2,
                        2,
                        new Phase.Started(
                                Stage.IMPORT, Attempt.FIRST, FAR, FAR, START.plus(Duration.ofHours(1)), "w")));

        monitor.passes(Duration.ofMinutes(10));

        assertThat(monitor.said()).extracting(DeadlineReached::id).containsExactly(id(2));
    }

    @Test
    void shouldKeepTheDeadlineOfAFileWhoseRouteIsNotConfigured(@TempDir Path third) {
        monitor.told(file(1, 1, queued(FAR)));
        try (var without = new MonitorUnderTest(third, START, DueIndex.Budget.DEFAULT)) {
            without.restore(monitor);
            without.told(file(2, 1, queued(START.plusSeconds(90))));
            without.passes(Duration.ofSeconds(1));

            assertThat(without.scheduled())
                    .containsExactly(DueKey.of(START.plusSeconds(90), id(2)), DueKey.of(FAR, id(1)));
        }
    }

    @Test
    void shouldLookAtManyFilesInSeveralTicksAndCountEachDeadlineOnce() {
        int files = 2 * MonitorTopology.RECALCULATED + 10;
        IntStream.range(0, files).forEach(number -> monitor.told(file(number, 1, queued(FAR))));

        restarted(START.plusSeconds(1), "unclaimed: 10m, unfinished: 1d");
        monitor.passes(Duration.ofSeconds(1));
        assertThat(monitor.gauge("waybill.deadlines.open")).isEqualTo(MonitorTopology.RECALCULATED);
        IntStream.range(0, files).filter(number -> number % 2 == 0).forEach(
                number -> monitor.told(file(number, 2, new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false))));
        monitor.passes(Duration.ofSeconds(1));
        monitor.passes(Duration.ofSeconds(1));

        assertThat(monitor.gauge("waybill.deadlines.open")).isEqualTo(files / 2.0);
        assertThat(monitor.scheduled())
                .hasSize(files / 2)
                .allSatisfy(deadline -> assertThat(deadline.dueMillis())
                        .isEqualTo(START.plusSeconds(600).toEpochMilli()));
    }
}
