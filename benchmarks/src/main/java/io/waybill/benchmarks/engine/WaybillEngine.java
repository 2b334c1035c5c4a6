package io.waybill.benchmarks.engine;

import static java.util.Objects.requireNonNull;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.Connector;
import io.waybill.sftp.SftpConnector;
import io.waybill.store.ObjectReader;
import io.waybill.testkit.SftpDestination;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.delivery.DestinationDelivery;
import io.waybill.worker.delivery.Journal;
import io.waybill.worker.delivery.Outcome;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.StagingTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The worker's engine without Kafka: everything that the worker does with a store and a server, driven as the worker
 * drives it. Each file is staged, synced, checked by size and renamed by posix-rename; only the commits are left out. A
 * lane is one connection, and sends several files at one time, each on a thread of its own. Connections are made for all
 * lanes at once, as a worker has them that sends all kinds of files, and stay open from one call to the next. This is the
 * one place that has to follow when the engine changes.
 */
public final class WaybillEngine implements AutoCloseable {
    private static final DestinationName DESTINATION = new DestinationName("bench");
    private static final RouteName ROUTE = new RouteName("bench");
    private static final ProcessClock CLOCK = ProcessClock.system();

    private final DestinationConfig destination;
    private final Connector connector;
    private final ConnectionPool connections;
    private final DestinationDelivery delivery;
    private boolean connected;

    /**
     * An SFTP server, and how much may be done to it at one time.
     *
     * @param connections 1 to 64
     * @param inFlight    files at one time over one connection, 1 to 64
     */
    public record Server(SftpDestination destination, int connections, int inFlight) {}

    /**
     * @param source not closed here
     */
    public WaybillEngine(Server server, ObjectReader source) {
        WaybillConfig config = WaybillConfig.parse("benchmark", """
                kafka: { bootstrap.servers: "unused:1" }
                schema.registry.url: http://unused
                destinations:
                %s    maxConnections: %d
                    connectionsPerFile: %d
                    inFlight: %d
                """.formatted(
                server.destination().yaml(DESTINATION.value()), server.connections(), server.connections(),
                server.inFlight()),
                Overrides.NONE,
                List.of());
        destination = requireNonNull(config.destinations().get(DESTINATION));
        connector = new SftpConnector();
        connections = new ConnectionPool(connector, WorkerMetrics.NONE, CLOCK);
        delivery = new DestinationDelivery(Map.of(DESTINATION, destination), source, connections, WorkerMetrics.NONE,
                CLOCK);
    }

    /**
     * Delivers objects under their keys, and returns when all are there.
     *
     * @throws IOException if one is not delivered
     */
    public void deliver(List<SourceObject> objects) throws IOException, InterruptedException {
        connect();
        var lanes = new HashMap<Lane, Queue<TransferWork>>();
        for (SourceObject object : objects) {
            TransferWork work = work(object);
            lanes.computeIfAbsent(
                    Lane.of(DESTINATION, work.target().path(), destination.lanes()),
                    _ -> new ConcurrentLinkedQueue<>()).add(work);
        }
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        lanes.forEach((lane, queue) -> {
            for (int i = 0; i < destination.concurrencyPerLane(); i++) {
                threads.add(Thread.ofVirtual().start(() -> work(lane, queue, failures)));
            }
        });
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException(failures.size() + " files were not delivered, the first: " + failures.peek());
        }
    }

    private void connect() throws IOException {
        for (int i = 0; !connected && i < destination.lanes(); i++) {
            try {
                connections.borrow(new Lane(DESTINATION, i), destination).close();
            } catch (TransferException e) {
                throw new IOException("lane " + i + " cannot be connected", e);
            }
        }
        connected = true;
    }

    private void work(Lane lane, Queue<TransferWork> queue, Queue<String> failures) {
        for (@Nullable TransferWork work = queue.poll(); work != null; work = queue.poll()) {
            Outcome outcome = delivery.deliver(work, lane, new Uncommitted());
            if (!(outcome instanceof Outcome.Delivered)) {
                failures.add(outcome.toString());
            }
        }
    }

    private static TransferWork work(SourceObject object) {
        return new TransferWork(
                FileId.of(ROUTE, object.bucket(), object.key(), object.version()),
                ROUTE,
                Attempt.FIRST,
                object,
                new Target(DESTINATION, new RemotePath("/" + object.key())),
                ConflictPolicy.REPLACE,
                Proof.SIZE,
                false);
    }

    @Override
    public void close() {
        connections.close();
        connector.close();
    }

    /** A journal of which nothing is kept. */
    private static final class Uncommitted implements Journal {
        private static final StagingTokens TOKENS = new StagingTokens("p0-bench");

        private final String token = TOKENS.next();

        @Override
        public String token() {
            return token;
        }

        @Override
        public boolean stands() {
            return true;
        }

        @Override
        public Optional<Staging> left() {
            return Optional.empty();
        }

        @Override
        public void reached(Milestone milestone) {
            // Nobody looks at the history.
        }

        @Override
        public void stagesIn(String directory) {
            // Nobody clears up.
        }

        @Override
        public void proveOwnership() {
            // There is no other owner.
        }

        @Override
        public void note(Staging mark) {
            // Nothing is resumed.
        }

        @Override
        public void prepare(Prepared intent) {
            TOKENS.retire(token);
        }
    }
}
