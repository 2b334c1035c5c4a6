package io.waybill.worker.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BreakerTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Breaker.class);

    private static final DestinationName ACME = new DestinationName("acme");

    private final List<Boolean> told = new ArrayList<>();
    private final AtomicInteger trials = new AtomicInteger();
    private final List<Place> recovered = new ArrayList<>();
    private int connected;
    private volatile Optional<FailureKind> fault = Optional.of(FailureKind.UNREACHABLE);
    private volatile Instant now = Instant.EPOCH;
    private final Breaker breaker =
            new Breaker(
                    ACME, new RecordedMetrics(), HandClock.following(() -> now), new Random(1), recovered::add);

    @Test
    void shouldTryAgainAfterDelaysThatGrowToALimit() {
        var delays = new ArrayList<Duration>();
        for (int i = 0; i < 12; i++) {
            Instant next = turnedAway().until();
            delays.add(Duration.between(now, next));
            now = next;
        }

        assertThat(trials).hasValue(12);
        assertThat(warnings.lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("A destination is down; its files wait destination=acme"));
        assertThat(delays.getFirst()).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
        assertThat(delays.get(3)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(delays.getLast()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
    }

    @Test
    void shouldNotAskADestinationThatIsKnownToBeDown() {
        Instant next = turnedAway().until();
        now = next.minusMillis(1);

        DestinationDownException second = turnedAway();

        assertThat(trials).hasValue(1);
        assertThat(second.failure()).isEqualTo(new Failure(FailureKind.UNREACHABLE, "trial 1"));
        assertThat(second.until()).isAfterOrEqualTo(next);
    }

    @Test
    void shouldSpreadTheReturnOfThoseItTurnsAway() {
        Instant next = turnedAway().until();
        var returns = new HashSet<Instant>();
        for (int i = 0; i < 100; i++) {
            returns.add(turnedAway().until());
        }

        assertThat(returns).hasSizeGreaterThan(90).allSatisfy(until -> assertThat(until)
                .isBetween(next, next.plus(Duration.ofMinutes(10))));
    }

    @Test
    void shouldNeverRepeatARefusedLoginFast() {
        fault = Optional.of(FailureKind.AUTHENTICATION);
        Instant next = turnedAway().until();
        assertThat(Duration.between(now, next)).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));

        // The partner's machine has banned ours meanwhile, which looks like a server that is down.
        fault = Optional.of(FailureKind.UNREACHABLE);
        for (int i = 0; i < 6; i++) {
            now = next;
            next = turnedAway().until();
        }
        assertThat(Duration.between(now, next)).isBetween(Duration.ofMinutes(30), Duration.ofHours(1));
    }

    @Test
    void shouldBeginAnewWhenTheDestinationIsWellAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            now = turnedAway().until();
        }
        fault = Optional.empty();
        connect();
        connect();
        fault = Optional.of(FailureKind.UNREACHABLE);

        assertThat(Duration.between(now, turnedAway().until())).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(told).containsExactly(false, false, false, false, false, true, true, false);
    }

    @Test
    void shouldSayOnceThatADestinationIsReachedAfterAnOutage() throws Exception {
        fault = Optional.empty();
        connect();
        assertThat(recovered).isEmpty();

        fault = Optional.of(FailureKind.UNREACHABLE);
        now = turnedAway().until();
        fault = Optional.empty();
        connect();
        connect();

        assertThat(recovered).containsExactly(new Place.Destination(ACME));
    }

    @Test
    void shouldTryAtOnceWhenAPersonAsks() throws Exception {
        fault = Optional.of(FailureKind.AUTHENTICATION);
        turnedAway();
        fault = Optional.empty();

        assertThat(breaker.release(Release.Cause.STARTED)).isFalse();
        assertThat(breaker.release(Release.Cause.ASKED)).isTrue();

        connect();
        assertThat(trials).hasValue(2);
        assertThat(breaker.release(Release.Cause.ASKED)).isFalse();
    }

    @Test
    void shouldTrySoonWhenAnotherWorkerHasReachedTheDestinationButNeverRepeatARefusedLoginFast() {
        fault = Optional.of(FailureKind.AUTHENTICATION);
        for (int i = 0; i < 6; i++) {
            now = turnedAway().until();
        }
        Instant last = now;
        Instant next = turnedAway().until();

        assertThat(breaker.release(Release.Cause.CONNECTED)).isTrue();

        assertThat(next).isAfter(last.plus(Duration.ofMinutes(30)));
        now = last.plus(Duration.ofMinutes(5)).minusMillis(1);
        turnedAway();
        assertThat(trials).hasValue(7);
        now = last.plus(Duration.ofMinutes(5));
        turnedAway();
        assertThat(trials).hasValue(8);
    }

    @Test
    void shouldNotCallADestinationDownThatHasConnections() {
        connected = 3;

        assertThat(turnedAway().until()).isAfter(now);

        assertThat(told).containsExactly(true);
    }

    @Test
    void shouldLetOneTryWhileTheOthersWaitForWhatComesOfIt() throws Exception {
        var trying = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> catchThrowableOfType(DestinationDownException.class,
                    () -> breaker.connect(() -> {
                        trying.countDown();
                        await(answered);
                        throw new TransferException(FailureKind.UNREACHABLE, "no answer");
                    }, () -> 0)));
            await(trying);
            var others = new ArrayList<Future<DestinationDownException>>();
            for (int i = 0; i < 10; i++) {
                others.add(threads.submit(this::turnedAway));
            }
            answered.countDown();

            assertThat(first.get().failure().detail()).isEqualTo("no answer");
            for (var other : others) {
                assertThat(other.get().failure().detail()).isEqualTo("no answer");
            }
        }
        assertThat(trials).hasValue(0);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldTryAgainWhenItsTimeHasComeThoughTheClockIsSet(Duration set) throws Exception {
        var time = new HandClock();
        var breaker = new Breaker(ACME, WorkerMetrics.NONE, time, new Random(1), recovered::add);
        assertDown(breaker, time);
        time.set(set);
        assertDown(breaker, time);

        time.pass(Duration.ofSeconds(6));

        try (RemoteFiles files = breaker.connect(FakeConnection::new, () -> 0)) {
            assertThat(files.isOpen()).isTrue();
        }
    }

    /** Whoever is turned away is told a time by the clock that he goes by. */
    private static void assertDown(Breaker breaker, HandClock time) {
        assertThatExceptionOfType(DestinationDownException.class)
                .isThrownBy(() -> breaker.connect(() -> {
                    throw new TransferException(FailureKind.UNREACHABLE, "no route");
                }, () -> 0))
                .satisfies(e -> assertThat(e.until())
                        .isBetween(time.instant(), time.instant().plus(Duration.ofMinutes(11))));
    }

    private DestinationDownException turnedAway() {
        return catchThrowableOfType(DestinationDownException.class, this::connect);
    }

    private void connect() throws DestinationDownException {
        breaker.connect(() -> {
            int trial = trials.incrementAndGet();
            Optional<FailureKind> found = fault;
            if (found.isPresent()) {
                throw new TransferException(found.get(), "trial " + trial);
            }
            return new FakeConnection();
        }, () -> connected);
    }

    private final class RecordedMetrics implements WorkerMetrics {
        @Override
        public void reachable(DestinationName destination, boolean up) {
            told.add(up);
        }
    }
}
