package io.waybill.runtime.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicReader.Met;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who counts as alive, by a clock that the test drives. */
final class LiveWorkersTest {
    private static final DestinationName ACME = new DestinationName("acme");
    private static final FileId FILE = new FileId("abcdefghijklmnopqrstuvwxyz");
    private static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");

    private Instant wall = BEGIN;
    private long nanos;
    private final ProcessClock time = ProcessClock.of(() -> wall, () -> nanos);
    private final LiveWorkers workers = new LiveWorkers(time);
    private final List<String> removed = new ArrayList<>();

    private void pass(Duration span) {
        wall = wall.plus(span);
        nanos += span.toNanos();
    }

    private void heartbeat(String worker, Instant started, Met met) {
        heard(new WorkerStatus(worker, started, wall, null), met);
    }

    private void heard(WorkerStatus status, Met met) {
        workers.read(status.key(), status, met);
    }

    private WorkerStatus entry(String worker, Instant started, long done) {
        return new WorkerStatus(worker, started, wall, status(done));
    }

    private static DestinationStatus status(long done) {
        var file = new FileInFlight(
                FILE, new RouteName("invoices"), "a.csv", 1, 1, "CONNECTED", BEGIN, done, 1_000, 10);
        return new DestinationStatus(
                ACME, BreakerState.CLOSED, null, 1, 4, "A", BEGIN, "SHA256:x", 10, List.of(file), 0);
    }

    private static @Nullable Long done(LiveWorkers of) {
        return of.of(FILE).map(found -> found.file().done()).orElse(null);
    }

    @Test
    void shouldShowTheNewestEntryOfEachWorkerUntilThreeHeartbeatsAreMissing() {
        heartbeat("worker-1", BEGIN, Met.FRESH);
        heard(entry("worker-1", BEGIN, 100), Met.FRESH);
        heard(entry("worker-1", BEGIN, 300), Met.FRESH);

        assertThat(workers.of(ACME)).extracting(WorkerStatus::worker).containsExactly("worker-1");
        assertThat(done(workers)).isEqualTo(300);

        pass(Duration.ofSeconds(34));
        assertThat(workers.count()).isEqualTo(1);
        pass(Duration.ofSeconds(2));
        assertThat(workers.of(ACME)).isEmpty();
        assertThat(done(workers)).isNull();
        assertThat(workers.count()).isZero();

        heartbeat("worker-1", BEGIN, Met.FRESH);
        assertThat(done(workers)).as("it was only late").isEqualTo(300);
    }

    @Test
    void shouldNotTakeOldRecordsForSignsOfLife() {
        heartbeat("dead", BEGIN, Met.STORED);
        heard(entry("dead", BEGIN, 100), Met.STORED);
        var later = new LiveWorkers(time);
        pass(Duration.ofMinutes(3));
        later.read("#dead", new WorkerStatus("dead", BEGIN, BEGIN, null), Met.STORED);
        later.read("acme#dead", new WorkerStatus("dead", BEGIN, BEGIN, status(100)), Met.STORED);

        assertThat(later.count()).isZero();
        assertThat(later.of(ACME)).isEmpty();
    }

    @Test
    void shouldBelieveAWorkerWhoseClockIsWrongAsSoonAsItIsHeard() {
        var slow = new WorkerStatus("slow", BEGIN, wall.minusSeconds(600), status(7));
        heard(slow, Met.STORED);
        assertThat(done(workers)).isNull();

        heard(slow, Met.FRESH);
        assertThat(done(workers)).isEqualTo(7);
    }

    @Test
    void shouldLeaveOutWhatAnEarlierProcessOfTheWorkerSaid() {
        heard(entry("worker-1", BEGIN, 100), Met.STORED);
        pass(Duration.ofSeconds(5));
        heartbeat("worker-1", wall, Met.FRESH);

        assertThat(workers.count()).isEqualTo(1);
        assertThat(workers.of(ACME)).isEmpty();

        heard(entry("worker-1", wall, 200), Met.FRESH);
        assertThat(done(workers)).isEqualTo(200);
    }

    @Test
    void shouldKnowARestartedWorkerWhoseWallClockWasSetBack() {
        heartbeat("worker-1", BEGIN, Met.FRESH);
        Instant earlier = BEGIN.minusSeconds(3_600);
        heartbeat("worker-1", earlier, Met.FRESH);
        heard(entry("worker-1", earlier, 5), Met.FRESH);

        assertThat(done(workers)).isEqualTo(5);
    }

    @Test
    void shouldForgetAWorkerThatEndedWell() {
        heartbeat("worker-1", BEGIN, Met.FRESH);
        heard(entry("worker-1", BEGIN, 100), Met.FRESH);

        workers.read("acme#worker-1", null, Met.FRESH);
        assertThat(workers.of(ACME)).isEmpty();
        workers.read("#worker-1", null, Met.FRESH);
        assertThat(workers.count()).isZero();
    }

    @Test
    void shouldRemoveWhatADeadWorkerLeftAndNothingOfTheLiving() {
        var sweeping = new WorkerStatusFollower.Sweeping(workers, removed::addAll, time);
        heartbeat("dead", BEGIN, Met.FRESH);
        heard(entry("dead", BEGIN, 100), Met.FRESH);
        for (int i = 0; i < 59; i++) {
            pass(Duration.ofSeconds(10));
            heartbeat("alive", BEGIN, Met.FRESH);
            sweeping.polled();
        }
        assertThat(removed).isEmpty();

        pass(Duration.ofSeconds(70));
        heartbeat("alive", BEGIN, Met.FRESH);
        sweeping.polled();

        assertThat(removed).containsExactlyInAnyOrder("#dead", "acme#dead");
    }

    @Test
    void shouldRemoveEntriesThatAnEarlierProcessOfALivingWorkerLeft() {
        var sweeping = new WorkerStatusFollower.Sweeping(workers, removed::addAll, time);
        heard(entry("worker-1", BEGIN, 100), Met.FRESH);
        Instant restarted = wall.plusSeconds(1);
        for (int i = 0; i < 70; i++) {
            pass(Duration.ofSeconds(10));
            heartbeat("worker-1", restarted, Met.FRESH);
            sweeping.polled();
        }

        assertThat(removed).containsOnly("acme#worker-1");
    }

    @Test
    void shouldGoOnIfItCannotRemoveAnything() {
        var sweeping = new WorkerStatusFollower.Sweeping(workers, _ -> {
            throw new IllegalStateException("no broker");
        }, time);
        heartbeat("dead", BEGIN, Met.FRESH);
        pass(Duration.ofMinutes(11));

        assertThatNoException().isThrownBy(sweeping::polled);
        assertThat(workers.past()).containsExactly("#dead");
    }
}
