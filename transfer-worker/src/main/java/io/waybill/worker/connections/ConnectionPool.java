package io.waybill.worker.connections;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.Connector;
import io.waybill.sftp.PooledConnection;
import io.waybill.sftp.RemoteFiles;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of each lane, shared by the lane's files in flight. A connection that was idle is tried before it
 * is used, one that is old is replaced when nobody uses it, and a destination that no connection can be made to is left
 * alone for a while. Where it takes no more connections but keeps those it has, a lane without one uses another lane's;
 * after growing delays it tries to get its own. A lane of which nothing is under way lends its connection to a large file
 * of another; only a lane that this worker has at that moment, so that the destination's limit holds. Any thread.
 */
public final class ConnectionPool implements AutoCloseable {
    static final Duration OLDEST = Duration.ofHours(1);
    static final Duration TRY_AFTER_IDLE = Duration.ofSeconds(10);

    private final Connector connector;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final Predicate<Lane> ours;
    private final RandomGenerator random;
    private final Map<Lane, LaneConnection> connections = new ConcurrentHashMap<>();
    private final Map<DestinationName, Breaker> breakers = new ConcurrentHashMap<>();

    /** Of somebody who has all lanes. */
    public ConnectionPool(Connector connector, WorkerMetrics metrics, ProcessClock time) {
        this(connector, metrics, time, _ -> true);
    }

    /**
     * Of a worker that has some of the lanes.
     *
     * @param ours whether nobody but this worker may use the lane's connection at this moment; asked by any thread
     */
    public ConnectionPool(Connector connector, WorkerMetrics metrics, ProcessClock time, Predicate<Lane> ours) {
        this(connector, metrics, time, ours, new Random());
    }

    /**
     * @param ours   whether nobody but this worker may use the lane's connection at this moment; asked by any thread
     * @param random for delays
     */
    public ConnectionPool(
            Connector connector,
            WorkerMetrics metrics,
            ProcessClock time,
            Predicate<Lane> ours,
            RandomGenerator random) {
        this.connector = connector;
        this.metrics = metrics;
        this.time = time;
        this.ours = ours;
        this.random = random;
    }

    /**
     * Lends the lane's connection until what this returns is closed; makes it if there is none that works.
     *
     * @throws DestinationDownException if none can be made, or could not be a while ago
     */
    public PooledConnection borrow(Lane lane, DestinationConfig destination) throws DestinationDownException {
        try {
            return connections.computeIfAbsent(lane, LaneConnection::new).borrow(destination);
        } catch (DestinationDownException e) {
            // A login that is refused says nothing of numbers, and is not to be gone round.
            boolean crowded = e.kind() != FailureKind.AUTHENTICATION && e.kind() != FailureKind.HOST_KEY;
            return (crowded ? another(lane, destination) : Optional.<PooledConnection>empty()).orElseThrow(() -> e);
        }
    }

    /** A connection of another of the destination's lanes; where a connection carries one file at a time there is none. */
    private Optional<PooledConnection> another(Lane lane, DestinationConfig destination) {
        return destination.concurrencyPerLane() == 1
                ? Optional.empty()
                : others(lane)
                        .filter(LaneConnection::isOpen)
                        .sorted(Comparator.comparingInt(connection -> connection.users))
                        .flatMap(connection -> connection.share().stream())
                        .findFirst();
    }

    /** An idle connection of another lane of this worker's; made if it has none. */
    private Optional<PooledConnection> spare(Lane lane, DestinationConfig destination) {
        return destination.concurrencyPerLane() == 1
                ? Optional.empty()
                : others(lane)
                        // A lane beyond the limit is one of before it was lowered.
                        .filter(connection -> connection.lane.number() < destination.maxConnections()
                                && ours.test(connection.lane))
                        .flatMap(connection -> connection.spare(destination).stream())
                        .findFirst();
    }

    private Stream<LaneConnection> others(Lane lane) {
        return ofDestination(lane.destination())
                .filter(other -> !other.equals(lane))
                .flatMap(other -> Stream.ofNullable(connections.get(other)));
    }

    private Stream<Lane> ofDestination(DestinationName destination) {
        return connections.keySet().stream().filter(lane -> lane.destination().equals(destination));
    }

    private int open(DestinationName destination) {
        return (int) ofDestination(destination)
                .flatMap(lane -> Stream.ofNullable(connections.get(lane)))
                .filter(LaneConnection::isOpen)
                .count();
    }

    /** Closes what nobody has used for its destination's idle time-out. */
    public void closeIdle() {
        connections.values().forEach(LaneConnection::closeIfIdle);
        metrics.connections((int) connections.values().stream().filter(LaneConnection::isOpen).count());
        breakers.keySet().forEach(destination -> metrics.connections(destination, open(destination)));
    }

    /** Breaks a lane's connection, whoever uses it: the lane has another owner, who makes one of his own. */
    public void breakOff(Lane lane) {
        LaneConnection connection = connections.remove(lane);
        if (connection != null) {
            connection.retire();
        }
    }

    @Override
    public void close() {
        connections.values().forEach(LaneConnection::retire);
    }

    private record Held(RemoteFiles files, DestinationConfig destination, long made) {}

    private final class LaneConnection {
        private final Lane lane;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Held held;
        /** Whoever still uses it is of an assignment that is over. */
        private volatile boolean retired;
        /** Changed by whoever has the lock. */
        private volatile int users;
        private long lastUsed = time.nanos();

        LaneConnection(Lane lane) {
            this.lane = lane;
        }

        PooledConnection borrow(DestinationConfig destination) throws DestinationDownException {
            lock.lock();
            try {
                return lend(usable(destination));
            } finally {
                lock.unlock();
            }
        }

        /** Lends the connection to another lane, if there is one that works. */
        Optional<PooledConnection> share() {
            // Its own lane may be making a new one; that is not waited for.
            if (!lock.tryLock()) {
                return Optional.empty();
            }
            try {
                return Optional.ofNullable(held)
                        .filter(present -> !retired && works(present))
                        .map(this::lend);
            } finally {
                lock.unlock();
            }
        }

        /** Lends the connection while nobody uses it. */
        Optional<PooledConnection> spare(DestinationConfig destination) {
            // Its own lane may be about to use it.
            if (!lock.tryLock()) {
                return Optional.empty();
            }
            try {
                return users > 0 || retired ? Optional.empty() : usableIfWell(destination).map(this::lend);
            } finally {
                lock.unlock();
            }
        }

        private PooledConnection lend(Held ready) {
            setUsers(users + 1);
            return new PooledConnection() {
                @Override
                public RemoteFiles files() {
                    return ready.files();
                }

                @Override
                public boolean alone() {
                    return users == 1;
                }

                @Override
                public void close() {
                    giveBack();
                }
            };
        }

        private void setUsers(int number) {
            users = number;
        }

        private Held usable(DestinationConfig destination) throws DestinationDownException {
            Optional<Held> present = working();
            return present.isPresent() ? present.get() : hold(connect(lane, destination), destination);
        }

        private Optional<Held> usableIfWell(DestinationConfig destination) {
            return working().or(() -> connectIfWell(lane, destination).map(files -> hold(files, destination)));
        }

        /** The connection if it works; it is closed if it does not. */
        private Optional<Held> working() {
            Held present = held;
            if (present != null && works(present)) {
                return Optional.of(present);
            }
            breakOff();
            return Optional.empty();
        }

        private Held hold(RemoteFiles files, DestinationConfig destination) {
            Held made = new Held(files, destination, time.nanos());
            held = made;
            if (retired) {
                // It was retired while the connection was made, and nobody else will close it.
                breakOff();
            }
            return made;
        }

        private boolean works(Held present) {
            return present.files().isOpen() && (users > 0 || stillGood(present));
        }

        private boolean stillGood(Held present) {
            if (time.since(present.made()).compareTo(OLDEST) > 0) {
                return false;
            }
            if (time.since(lastUsed).compareTo(TRY_AFTER_IDLE) < 0) {
                return true;
            }
            try {
                present.files().ping();
                return true;
            } catch (TransferException e) {
                // A new connection tells whether the destination is well; the old one is of no interest.
                return false;
            }
        }

        private void giveBack() {
            lock.lock();
            try {
                setUsers(users - 1);
                lastUsed = time.nanos();
            } finally {
                lock.unlock();
            }
        }

        void closeIfIdle() {
            // Whoever holds the lock is about to use the connection.
            if (lock.tryLock()) {
                try {
                    Held present = held;
                    if (present != null
                            && users == 0
                            && time.since(lastUsed).compareTo(present.destination().idleTimeout()) > 0) {
                        breakOff();
                    }
                } finally {
                    lock.unlock();
                }
            }
        }

        boolean isOpen() {
            Held present = held;
            return present != null && present.files().isOpen();
        }

        void retire() {
            retired = true;
            breakOff();
        }

        private void breakOff() {
            Held present = held;
            if (present != null) {
                present.files().close();
                held = null;
            }
        }
    }

    private RemoteFiles connect(Lane lane, DestinationConfig destination) throws DestinationDownException {
        return breaker(destination).connect(trial(lane, destination), () -> open(destination.name()));
    }

    private Optional<RemoteFiles> connectIfWell(Lane lane, DestinationConfig destination) {
        return breaker(destination).connectIfWell(trial(lane, destination));
    }

    private Breaker breaker(DestinationConfig destination) {
        return breakers.computeIfAbsent(destination.name(), name -> new Breaker(name, metrics, time, random));
    }

    private Breaker.Trial trial(Lane lane, DestinationConfig destination) {
        return () -> connector.connect(destination, () -> spare(lane, destination));
    }
}
