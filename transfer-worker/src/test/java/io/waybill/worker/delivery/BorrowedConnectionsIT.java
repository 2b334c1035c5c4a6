package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.Proof;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Flow;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.Connector;
import io.waybill.sftp.PooledConnection;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.SftpConnector;
import io.waybill.sftp.SpareConnections;
import io.waybill.testkit.Destinations;
import io.waybill.testkit.FaultInjectingProxy;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.worker.Works;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.metrics.WorkerMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One large file to the system's own sshd over the connections of two lanes, each with a long line of its own. */
@RequiresOpenSsh
final class BorrowedConnectionsIT {
    private static final DestinationName ACME = new DestinationName("acme");
    private static final Lane BUSY = new Lane(ACME, 0);
    private static final Lane IDLE = new Lane(ACME, 1);
    private static final Duration LONG_LINE = Duration.ofMillis(60);
    private static final int SIZE = 128 << 20;

    /** What lanes say to each other about small things. */
    private static final long LITTLE = 1 << 20;

    private final byte[] content = new byte[SIZE];
    private final FakeStore store = new FakeStore();
    private final SftpConnector connector = new SftpConnector();
    private final Queue<FaultInjectingProxy> unused = new ArrayDeque<>();
    private final ConnectionPool connections =
            new ConnectionPool(new OneLineEach(), WorkerMetrics.NONE, ProcessClock.system());
    private OpenSshServer server;
    private FaultInjectingProxy own;
    private FaultInjectingProxy borrowed;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        connections.close();
        connector.close();
        List.of(own, borrowed).forEach(FaultInjectingProxy::close);
        server.close();
    }

    @Test
    void shouldWriteALargeFileOverAnIdleLaneToo() throws Exception {
        start();
        connectBothLanes();

        assertThat(deliver(new FakeJournal())).isInstanceOf(Outcome.Delivered.class);

        assertArrived();
        assertThat(own.bytesToServer()).isGreaterThan(SIZE / 4);
        assertThat(borrowed.bytesToServer()).isGreaterThan(SIZE / 20);
        try (PooledConnection idle = connections.borrow(IDLE, destination())) {
            assertThat(idle.alone()).isTrue();
        }
    }

    @Test
    void shouldLeaveALaneAloneThatHasFilesOfItsOwn() throws Exception {
        start();
        connectBothLanes();

        try (PooledConnection _ = connections.borrow(IDLE, destination())) {
            assertThat(deliver(new FakeJournal())).isInstanceOf(Outcome.Delivered.class);
        }

        assertArrived();
        assertThat(borrowed.bytesToServer()).isLessThan(LITTLE);
    }

    @Test
    void shouldKeepToOneConnectionWhereFilesAreToBeWrittenInOrder() throws Exception {
        start();
        DestinationConfig sequential = Destinations.withFlow(destination(), new Flow(1, 4, OptionalInt.empty()));
        connections.borrow(BUSY, sequential).close();
        connections.borrow(IDLE, sequential).close();

        assertThat(delivery(sequential).deliver(work(), BUSY, new FakeJournal())).isInstanceOf(Outcome.Delivered.class);

        assertThat(borrowed.bytesToServer()).isLessThan(LITTLE);
    }

    @Test
    void shouldKeepToOneConnectionUnlessItIsToldOtherwise() throws Exception {
        start();
        DestinationConfig unchanged = Destinations.of(server);
        connections.borrow(BUSY, unchanged).close();
        connections.borrow(IDLE, unchanged).close();

        assertThat(delivery(unchanged).deliver(work(), BUSY, new FakeJournal())).isInstanceOf(Outcome.Delivered.class);

        assertThat(borrowed.bytesToServer()).isLessThan(LITTLE);
    }

    @Test
    void shouldUseOtherConnectionsWhereEachHasOneChannel() throws Exception {
        start("MaxSessions 1");
        connectBothLanes();

        assertThat(deliver(new FakeJournal())).isInstanceOf(Outcome.Delivered.class);

        assertArrived();
        assertThat(borrowed.bytesToServer()).isGreaterThan(SIZE / 20);
    }

    @Test
    void shouldGoOnWithWhatABrokenGuestLeft() throws Exception {
        start();
        connectBothLanes();
        PooledConnection witness = connections.borrow(BUSY, destination());
        borrowed.cutAfter(SIZE / 32);

        Outcome.NotDelivered failed = assertThat(deliver(new FakeJournal()))
                .asInstanceOf(type(Outcome.NotDelivered.class))
                .actual();

        assertThat(failed.failure().kind()).isEqualTo(FailureKind.CONNECTION_LOST);
        // Whatever else goes over the file's own connection is not disturbed.
        assertThat(witness.files().isOpen()).isTrue();
        witness.close();
        unused.add(borrowed);
        assertThat(deliver(FakeJournal.after(failed.left()))).isInstanceOf(Outcome.Delivered.class);
        assertArrived();
    }

    @Test
    void shouldLeaveTheGuestsConnectionWellWhenItsOwnBreaks() throws Exception {
        start();
        connectBothLanes();
        own.cutAfter(SIZE / 2);

        Outcome.NotDelivered failed = assertThat(deliver(new FakeJournal()))
                .asInstanceOf(type(Outcome.NotDelivered.class))
                .actual();

        try (PooledConnection idle = connections.borrow(IDLE, destination())) {
            assertThat(idle.alone()).isTrue();
            idle.files().ping();
        }
        unused.add(own);
        assertThat(deliver(FakeJournal.after(failed.left()))).isInstanceOf(Outcome.Delivered.class);
        assertArrived();
    }

    private void start(String... directives) {
        new Random(1).nextBytes(content);
        server = OpenSshServer.start(directory, Set.of(), directives);
        own = FaultInjectingProxy.to(server.port(), LONG_LINE);
        borrowed = FaultInjectingProxy.to(server.port(), LONG_LINE);
        unused.addAll(List.of(own, borrowed));
    }

    private void connectBothLanes() throws TransferException {
        connections.borrow(BUSY, destination()).close();
        connections.borrow(IDLE, destination()).close();
    }

    private Outcome deliver(Journal journal) {
        return delivery(destination()).deliver(work(), BUSY, journal);
    }

    private DestinationDelivery delivery(DestinationConfig destination) {
        return new DestinationDelivery(Map.of(ACME, destination), store, connections, WorkerMetrics.NONE,
                ProcessClock.system());
    }

    private TransferWork work() {
        return Works.deliver(store.put("a", content), "/a", ConflictPolicy.REPLACE, Proof.SIZE, false);
    }

    private DestinationConfig destination() {
        return Destinations.withFlow(Destinations.of(server), new Flow(10, 4, OptionalInt.empty()));
    }

    private void assertArrived() {
        assertThat(server.files().resolve("a")).hasBinaryContent(content);
    }

    /** Leads each connection over the next unused line. */
    private final class OneLineEach implements Connector {
        @Override
        public RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException {
            return connector.connect(Destinations.withPort(destination, unused.remove().port()), spare);
        }

        @Override
        public void close() {
            // The test closes what it stands on.
        }
    }
}
