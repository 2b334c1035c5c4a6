package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Moved;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a process does to files whose clock is an hour slow or a day fast, while those of the others go right. */
final class WrongClocksTest {
    private static final Duration SLOW = Duration.ofHours(-1);
    private static final Duration FAST = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofMinutes(2);
    private static final Failure DOWN = new Failure(FailureKind.UNREACHABLE, "no route to host");

    private Instant now = NOW;
    private FileState file = ((Moved) new Lifecycle(Example.DELIVERY_ONLY).apply(null, Example.arrived())).state();

    private void happens(Route route, FileEvent event) {
        happens(route, event, now);
    }

    private void happens(Route route, FileEvent event, Instant seen) {
        if (new Lifecycle(route).apply(file, event, seen) instanceof Moved(var state, _)) {
            file = state;
        }
    }

    /** The monitor looks every second, and its clock goes right. */
    private void monitorTicks() {
        now = now.plusSeconds(1);
        if (file.phase() instanceof Phase.Open open && !open.deadline().at().isAfter(now)) {
            var reached = new FileEvent.DeadlineReached(
                    Example.ID, now, open.deadline().kind(), file.version());
            happens(Example.DELIVERY_ONLY, reached);
        }
    }

    /** How often the file is handed out within an hour in which its destination is down. */
    private int handedOut(Duration workersClock, Duration ownClock) {
        int times = 0;
        for (Instant end = now.plus(Duration.ofHours(1)); now.isBefore(end); monitorTicks()) {
            if (file.phase() instanceof Phase.Queued) {
                times++;
                Instant said = now.plus(workersClock);
                var deferred = new FileEvent.Deferred(
                        Example.ID, said, Stage.DELIVERY, file.phase().attempt(), said.plus(PAUSE), DOWN);
                happens(Example.DELIVERY_ONLY, deferred, now.plus(ownClock));
            }
        }
        return times;
    }

    @Test
    void shouldNotHandAFileOutAtEveryTickWhileTheClockOfItsWorkerIsSlow() {
        assertThat(handedOut(SLOW, Duration.ZERO)).isBetween(29, 31);
    }

    @Test
    void shouldNotHandAFileOutAtEveryTickWhileTheClockOfTheStateProcessorIsSlow() {
        assertThat(handedOut(Duration.ZERO, SLOW)).isBetween(29, 32);
    }

    @Test
    void shouldNotHoldAFileForADayBecauseTheClockOfItsWorkerIsADayFast() {
        assertThat(handedOut(FAST, Duration.ZERO)).isBetween(29, 31);
    }

    @Test
    void shouldNotHoldAFileForADayBecauseTheClockOfTheStateProcessorIsADayFast() {
        assertThat(handedOut(Duration.ZERO, FAST)).isBetween(29, 31);
    }

    @Test
    void shouldNotHandAFileOutAtEveryTickThatIsDeferredUntilNow() {
        now = now.plusSeconds(60);

        happens(Example.DELIVERY_ONLY, Example.deferred(Stage.DELIVERY, Attempt.FIRST, NOW.minusSeconds(60)));

        assertThat(((Phase.Waiting) file.phase()).due()).isAfterOrEqualTo(NOW.plus(Example.RETRY.backoff()));
    }

    @Test
    void shouldWaitBeforeTheNextAttemptThoughTheClockOfTheWorkerIsSlow() {
        for (Duration clock : new Duration[] {SLOW, FAST}) {
            Attempt attempt = file.phase().attempt();
            now = now.plusSeconds(10);
            var failure = new Failure(FailureKind.STALLED, "as it goes");
            happens(
                    Example.DELIVERY_ONLY,
                    new FileEvent.Failed(Example.ID, now.plus(clock), Stage.DELIVERY, attempt, failure));

            Duration pause = Duration.between(now, ((Phase.Waiting) file.phase()).due());
            assertThat(pause).isEqualTo(Example.RETRY.delayAfter(Example.ID, attempt));
            now = ((Phase.Waiting) file.phase()).due();
            happens(Example.DELIVERY_ONLY,
                    new FileEvent.DeadlineReached(Example.ID, now, DeadlineKind.RETRY_DUE, file.version()));
        }
    }

    @Test
    void shouldLetAWorkerFinishInTimeThoughItsClockIsWrong() {
        for (Duration clock : new Duration[] {SLOW, FAST}) {
            FileState queued = file;
            now = now.plusSeconds(10);
            happens(Example.DELIVERY_ONLY,
                    new FileEvent.Started(Example.ID, now.plus(clock), Stage.DELIVERY, Attempt.FIRST, "worker-1"));

            assertThat(((Phase.Started) file.phase()).finishBy()).isEqualTo(now.plus(Example.TIMEOUTS.unfinished()));
            file = queued;
        }
    }

    @Test
    void shouldHearTheHeartbeatsOfAnImporterWhoseClockIsWrong() {
        for (Duration clock : new Duration[] {SLOW, FAST}) {
            var arrived = new FileEvent.Arrived(Example.ID, now, Example.INVOICES, Example.OBJECT);
            file = ((Moved) new Lifecycle(Example.HEARTBEATS).apply(null, arrived, now)).state();
            happens(Example.HEARTBEATS,
                    new FileEvent.Started(Example.ID, now.plus(clock), Stage.IMPORT, Attempt.FIRST, "worker-1"));
            for (int i = 0; i < 3; i++) {
                now = now.plusSeconds(9);
                happens(Example.HEARTBEATS, Example.heartbeat(Stage.IMPORT, Attempt.FIRST, now.plus(clock)));

                assertThat(((Phase.Started) file.phase()).heartbeatBy()).isEqualTo(now.plusSeconds(10));
            }
        }
    }

    @Test
    void shouldCountAFileFromWhenItArrivedThoughTheClockOfTheIngestServiceIsWrong() {
        for (Duration clock : new Duration[] {SLOW, FAST}) {
            var arrived = new FileEvent.Arrived(Example.ID, now.plus(clock), Example.INVOICES, Example.OBJECT);
            FileState begun = ((Moved) new Lifecycle(Example.DELIVERY_ONLY).apply(null, arrived, now)).state();

            assertThat(begun.since()).isBetween(Example.OBJECT.lastModified(), now);
        }
    }

    @Test
    void shouldCountFromWhenItHappenedThoughItIsHeardLate() {
        Instant happened = now.plusSeconds(10);
        now = now.plus(Duration.ofDays(3));

        happens(Example.DELIVERY_ONLY,
                new FileEvent.Started(Example.ID, happened, Stage.DELIVERY, Attempt.FIRST, "worker-1"));

        assertThat(file.since()).isEqualTo(happened);
    }

    @Property(tries = 2000, seed = "20261201")
    void aClockThatIsWrongAloneNeverMovesADeadlineByMoreThanTheTimeThatPassed(
            @ForAll @IntRange(min = 0, max = 2) int wrong,
            @ForAll @IntRange(min = -200_000, max = 200_000) int seconds,
            @ForAll @IntRange(max = 600) int passed) {
        Instant truth = NOW.plusSeconds(passed);
        Instant said = wrong == 0 ? truth.plusSeconds(seconds) : truth;
        Instant seen = wrong == 1 ? truth.plusSeconds(seconds) : truth;
        FileState moved = wrong == 2 ? file.moved(file.phase(), NOW.plusSeconds(seconds)) : file;

        FileEvent corrected = Clocks.corrected(
                moved, new FileEvent.Deferred(Example.ID, said, Stage.DELIVERY, Attempt.FIRST, said.plus(PAUSE), DOWN),
                seen);

        assertThat(corrected.at()).isBetween(NOW, truth);
        assertThat(((FileEvent.Deferred) corrected).until()).isEqualTo(corrected.at().plus(PAUSE));
    }
}
