package io.waybill.worker.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.UnknownOutcome;
import io.waybill.sftp.Connector;
import io.waybill.sftp.PooledConnection;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.SpareConnections;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.Destinations;
import io.waybill.worker.HandClock;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionPoolTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Breaker.class);

    private static final DestinationName ACME = new DestinationName("acme");
    private static final Lane FIRST = new Lane(ACME, 0);
    private static final Lane SECOND = new Lane(ACME, 1);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final DestinationConfig DESTINATION = destination(8);

    private final List<FakeConnection> made = new ArrayList<>();
    private final List<SpareConnections> spares = new ArrayList<>();
    private Optional<FailureKind> refusal = Optional.empty();
    private Runnable whileConnecting = () -> {};
    private Instant now = Instant.EPOCH;
    private final ConnectionPool connections =
            new ConnectionPool(new FakeConnector(), WorkerMetrics.NONE, HandClock.following(() -> now));

    @Test
    void shouldShareOneConnectionPerLane() throws Exception {
        try (PooledConnection one = connections.borrow(FIRST, DESTINATION);
                PooledConnection two = connections.borrow(FIRST, DESTINATION);
                PooledConnection other = connections.borrow(SECOND, DESTINATION)) {
            assertThat(one.files()).isSameAs(two.files()).isNotSameAs(other.files());
        }
        use(FIRST);

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().pings).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldCloseAnIdleConnectionWhenItsTimeHasComeThoughTheClockWasSet(Duration set) throws Exception {
        var time = new HandClock();
        try (var some = new ConnectionPool(new FakeConnector(), WorkerMetrics.NONE, time)) {
            some.borrow(FIRST, DESTINATION).close();
            time.set(set);
            some.closeIdle();
            assertThat(made.getFirst().isOpen()).isTrue();

            time.pass(IDLE.plusSeconds(1));
            some.closeIdle();
            assertThat(made.getFirst().isOpen()).isFalse();
        }
    }

    @Test
    void shouldTryAConnectionThatWasIdleAndReplaceADeadOne() throws Exception {
        use(FIRST);
        pass(ConnectionPool.TRY_AFTER_IDLE);

        use(FIRST);
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().pings).isEqualTo(1);

        made.getFirst().dead = true;
        pass(ConnectionPool.TRY_AFTER_IDLE);
        use(FIRST);
        assertThat(made).hasSize(2);
        assertThat(made.getFirst().open).isFalse();
    }

    @Test
    void shouldReplaceABrokenOrOldConnection() throws Exception {
        use(FIRST);
        made.getFirst().open = false;
        use(FIRST);
        assertThat(made).hasSize(2);

        pass(ConnectionPool.OLDEST);
        use(FIRST);
        assertThat(made).hasSize(3);
    }

    @Test
    void shouldCloseWhatIsIdleAndNothingInUse() throws Exception {
        use(FIRST);
        try (PooledConnection _ = connections.borrow(SECOND, DESTINATION)) {
            pass(IDLE);
            connections.closeIdle();
        }

        assertThat(made).extracting(connection -> connection.open).containsExactly(false, true);
    }

    @Test
    void shouldTurnAwayFromOneDestinationAndServeTheOthers() throws Exception {
        DestinationConfig other = Destinations.named("other", DESTINATION);
        refusal = Optional.of(FailureKind.AUTHENTICATION);
        assertTurnedAway();
        refusal = Optional.empty();
        assertTurnedAway();

        connections.borrow(new Lane(other.name(), 0), other).close();

        assertThat(made).hasSize(1);
    }

    @Test
    void shouldShareTheConnectionsThatItHasWhereNoMoreCanBeMade() throws Exception {
        use(FIRST);
        refusal = Optional.of(FailureKind.UNREACHABLE);

        try (PooledConnection own = connections.borrow(FIRST, DESTINATION);
                PooledConnection shared = connections.borrow(SECOND, DESTINATION)) {
            assertThat(shared.files()).isSameAs(own.files());
        }
        assertThat(made).hasSize(1);
    }

    @Test
    void shouldHaveMoreConnectionsAgainAfterAWhile() throws Exception {
        use(FIRST);
        refusal = Optional.of(FailureKind.UNREACHABLE);
        use(SECOND);
        refusal = Optional.empty();
        use(SECOND);
        assertThat(made).hasSize(1);

        pass(Duration.ofMinutes(1));
        use(SECOND);

        assertThat(made).hasSize(2);
    }

    @Test
    void shouldNotShareAConnectionThatCarriesOneFileAtATime() throws Exception {
        DestinationConfig careful = destination(1);
        connections.borrow(FIRST, careful).close();
        refusal = Optional.of(FailureKind.UNREACHABLE);

        assertThatExceptionOfType(DestinationDownException.class)
                .isThrownBy(() -> connections.borrow(SECOND, careful));
    }

    @Test
    void shouldLendTheConnectionOfAnIdleLane() throws Exception {
        use(FIRST);
        use(SECOND);
        try (PooledConnection _ = connections.borrow(FIRST, DESTINATION);
                PooledConnection guest = lent(FIRST).orElseThrow()) {
            assertThat(guest.files()).isSameAs(made.getLast());
            assertThat(guest.alone()).isTrue();
            assertThat(lent(FIRST)).isEmpty();

            try (PooledConnection _ = connections.borrow(SECOND, DESTINATION)) {
                assertThat(guest.alone()).isFalse();
            }
            assertThat(guest.alone()).isTrue();
        }
        assertThat(made).hasSize(2);
    }

    @Test
    void shouldMakeTheConnectionThatItLendsWhereTheLaneHasNone() throws Exception {
        use(FIRST);
        use(SECOND);
        made.getLast().open = false;

        try (PooledConnection guest = lent(FIRST).orElseThrow()) {
            pass(IDLE);
            connections.closeIdle();
            assertThat(guest.files().isOpen()).isTrue();
        }
        pass(IDLE);
        connections.closeIdle();
        assertThat(made).hasSize(3);
        assertThat(made.getLast().open).isFalse();
    }

    @Test
    void shouldLendNothingOfALaneThatItDoesNotHave() throws Exception {
        use(FIRST);
        use(SECOND);
        connections.breakOff(SECOND);

        assertThat(lent(FIRST)).isEmpty();
    }

    @Test
    void shouldLendNothingOfALaneThatAnotherHasEvenIfItIsStillKnown() throws Exception {
        var lost = new HashSet<Lane>();
        var some = new ConnectionPool(
                new FakeConnector(),
                WorkerMetrics.NONE,
                HandClock.following(() -> now),
                lane -> !lost.contains(lane),
                _ -> {});
        some.borrow(FIRST, DESTINATION).close();
        lost.add(SECOND);
        some.breakOff(SECOND);
        // Somebody who has not heard of it yet.
        some.borrow(SECOND, DESTINATION).close();

        assertThat(lent(FIRST)).isEmpty();
        pass(IDLE);
        some.closeIdle();
        assertThat(made.getLast().open).isFalse();
    }

    @Test
    void shouldLendNothingBeyondALimitThatWasLowered() throws Exception {
        use(FIRST);
        use(new Lane(ACME, 4));

        assertThat(lent(FIRST)).isEmpty();
    }

    @Test
    void shouldNotTakeItForAnOutageThatNothingCanBeLent() throws Exception {
        use(FIRST);
        use(SECOND);
        made.getLast().open = false;
        refusal = Optional.of(FailureKind.UNREACHABLE);

        assertThat(lent(FIRST)).isEmpty();

        refusal = Optional.empty();
        assertThat(lent(FIRST)).isEmpty();
        use(SECOND);
        assertThat(made).hasSize(3);
    }

    @Test
    void shouldMakeNothingToLendDuringAnOutage() throws Exception {
        use(FIRST);
        use(SECOND);
        made.getLast().open = false;
        refusal = Optional.of(FailureKind.UNREACHABLE);
        use(SECOND);
        refusal = Optional.empty();

        assertThat(lent(FIRST)).isEmpty();
        assertThat(made).hasSize(2);
    }

    @Test
    void shouldLendNothingWhereAConnectionCarriesOneFileAtATime() throws Exception {
        DestinationConfig careful = destination(1);
        connections.borrow(FIRST, careful).close();
        connections.borrow(SECOND, careful).close();

        assertThat(lent(FIRST)).isEmpty();
    }

    /** What a lane's connection is lent beside itself; lanes connect in the order of their first use. */
    private Optional<PooledConnection> lent(Lane lane) {
        return spares.get(lane.number()).lend();
    }

    @Test
    void shouldNotGoRoundARefusedLogin() throws Exception {
        use(FIRST);
        refusal = Optional.of(FailureKind.AUTHENTICATION);

        assertTurnedAway();
    }

    @Test
    void shouldTellHowManyConnectionsAreOpenAndRefused() throws Exception {
        var open = new ArrayList<Integer>();
        var refused = new ArrayList<DestinationName>();
        var counted = new ConnectionPool(new FakeConnector(), new WorkerMetrics() {
            @Override
            public void connections(DestinationName destination, int number) {
                open.add(number);
            }

            @Override
            public void refused(DestinationName destination) {
                refused.add(destination);
            }
        }, HandClock.following(() -> now));
        counted.borrow(FIRST, DESTINATION).close();
        refusal = Optional.of(FailureKind.UNREACHABLE);
        counted.borrow(SECOND, DESTINATION).close();

        counted.closeIdle();

        assertThat(open).containsExactly(1);
        assertThat(refused).containsExactly(ACME);
    }

    @Test
    void shouldSayWhatIsKnownAboutEveryDestinationThatWasTried() throws Exception {
        assertThat(connections.states()).isEmpty();

        use(FIRST);
        assertThat(connections.states()).singleElement().satisfies(state -> {
            assertThat(state.destination()).isEqualTo(ACME);
            assertThat(state.open()).isEqualTo(1);
            assertThat(state.outage()).isEmpty();
            assertThat(state.triedAt()).contains(now);
            assertThat(state.hostKey()).contains(made.getFirst().hostKey());
            assertThat(state.promised()).isPresent();
        });

        refusal = Optional.of(FailureKind.UNREACHABLE);
        use(SECOND);
        assertThat(connections.states().getFirst().outage()).hasValueSatisfying(outage -> {
            assertThat(outage.crowded()).as("another connection is open").isTrue();
            assertThat(outage.since()).isEqualTo(now);
            assertThat(outage.nextTry()).isAfter(now);
        });

        connections.breakOff(FIRST);
        assertThat(connections.states().getFirst()).satisfies(state -> {
            assertThat(state.open()).isZero();
            assertThat(state.outage().orElseThrow().crowded()).isFalse();
            assertThat(state.promised()).isEmpty();
            assertThat(state.hostKey()).isPresent();
        });
    }

    @Test
    void shouldNotLeaveAConnectionBehindThatWasBeingMadeWhenItsLaneWasLost() throws Exception {
        whileConnecting = () -> connections.breakOff(FIRST);
        use(FIRST);
        assertThat(made.getFirst().open).isFalse();

        whileConnecting = () -> {};
        use(FIRST);
        assertThat(made.getLast().open).isTrue();
    }

    private static DestinationConfig destination(int inFlight) {
        return new DestinationConfig(
                ACME,
                "sftp.acme.example",
                22,
                "waybill",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                "/",
                4,
                inFlight,
                false,
                Staging.DEFAULT,
                IDLE,
                IDLE,
                IDLE,
                StandardCharsets.UTF_8,
                UnknownOutcome.HOLD,
                IDLE,
                Flow.DEFAULT);
    }

    private void assertTurnedAway() {
        assertThatExceptionOfType(DestinationDownException.class)
                .isThrownBy(() -> use(SECOND))
                .satisfies(e -> assertThat(e.until()).isAfter(now));
    }

    private void use(Lane lane) throws TransferException {
        connections.borrow(lane, DESTINATION).close();
    }

    private void pass(Duration time) {
        now = now.plus(time).plusMillis(1);
    }

    private final class FakeConnector implements Connector {
        @Override
        public RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException {
            if (refusal.isPresent()) {
                throw new TransferException(refusal.get(), "refused");
            }
            made.add(new FakeConnection());
            spares.add(spare);
            whileConnecting.run();
            return made.getLast();
        }

        @Override
        public void close() {
            // The test looks at its connections one by one.
        }
    }
}
