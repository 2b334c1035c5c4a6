package io.waybill.worker.connections;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.Capability;
import io.waybill.sftp.Connector;
import io.waybill.sftp.PooledConnection;
import io.waybill.sftp.RemoteFiles;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of each lane, which the lane's files in flight share. The pool tests a connection that was idle before
 * use, and replaces an old one when nobody uses it. It leaves a destination alone for a while if it cannot connect to it.
 * If a destination takes no more connections but keeps the open ones, a lane without a connection uses that of another
 * lane; after growing delays it tries to open its own. A lane that has no work under way lends its connection to a large
 * file of another lane. Only lanes that this worker owns at that moment lend, so that the destination's limit holds. Any
 * thread.
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
    private final Rooms rooms;
    private final Consumer<Place> recovered;

    /** A pool whose user owns all lanes. */
    public ConnectionPool(Connector connector, WorkerMetrics metrics, ProcessClock time) {
        this(connector, metrics, time, _ -> true, _ -> {});
    }

    /**
     * A pool of a worker that owns some of the lanes.
     *
     * @param ours      whether only this worker may use the lane's connection at this moment; called by any thread
     * @param recovered takes a destination when an outage is over; does not wait
     */
    public ConnectionPool(
            Connector connector,
            WorkerMetrics metrics,
            ProcessClock time,
            Predicate<Lane> ours,
            Consumer<Place> recovered) {
        this(connector, metrics, time, ours, new Random(), recovered);
    }

    /**
     * @param ours      whether only this worker may use the lane's connection at this moment; called by any thread
     * @param random    randomises the delays
     * @param recovered takes a destination when an outage is over; does not wait
     */
    public ConnectionPool(
            Connector connector,
            WorkerMetrics metrics,
            ProcessClock time,
            Predicate<Lane> ours,
            RandomGenerator random,
            Consumer<Place> recovered) {
        this.connector = connector;
        this.metrics = metrics;
        this.time = time;
        this.ours = ours;
        this.random = random;
        this.recovered = recovered;
        this.rooms = new Rooms(time, random, recovered);
    }

    /**
     * Lends the lane's connection until the result is closed. Opens one if no working connection exists.
     *
     * @throws DestinationDownException if the pool cannot open one, or could not a while ago
     */
    public PooledConnection borrow(Lane lane, DestinationConfig destination) throws DestinationDownException {
        try {
            return connections.computeIfAbsent(lane, LaneConnection::new).borrow(destination);
        } catch (DestinationDownException e) {
            // A refused login says nothing about the number of connections, and must not be worked around.
            boolean crowded = e.kind() != FailureKind.AUTHENTICATION && e.kind() != FailureKind.HOST_KEY;
            return (crowded ? another(lane, destination) : Optional.<PooledConnection>empty()).orElseThrow(() -> e);
        }
    }

    /** The connection of another lane of the destination. Empty if a connection carries only one file at a time. */
    private Optional<PooledConnection> another(Lane lane, DestinationConfig destination) {
        return destination.concurrencyPerLane() == 1
                ? Optional.empty()
                : others(lane)
                        .filter(LaneConnection::isOpen)
                        .sorted(Comparator.comparingInt(connection -> connection.users))
                        .flatMap(connection -> connection.share().stream())
                        .findFirst();
    }

    /** An idle connection of another lane of this worker. Opens it if the lane has none. */
    private Optional<PooledConnection> spare(Lane lane, DestinationConfig destination) {
        return destination.concurrencyPerLane() == 1
                ? Optional.empty()
                : others(lane)
                        // A lane beyond the limit is from the time before the limit was lowered.
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

    /** What is known about the connections to every destination that was tried. Does not wait. */
    public List<ConnectionState> states() {
        return breakers.entrySet().stream().map(known -> state(known.getKey(), known.getValue())).toList();
    }

    private ConnectionState state(DestinationName destination, Breaker breaker) {
        int open = open(destination);
        return new ConnectionState(
                destination,
                open,
                breaker.outage(open),
                breaker.triedAt(),
                breaker.hostKey(),
                ofDestination(destination)
                        .flatMap(lane -> Stream.ofNullable(connections.get(lane)))
                        .flatMap(connection -> connection.promised().stream())
                        .findFirst());
    }

    /** What is known about the room at the destinations. */
    public Rooms rooms() {
        return rooms;
    }

    /**
     * Somebody says that a destination may be tried. Does not wait.
     *
     * @return whether that moves the next try of this worker forward
     */
    public boolean release(DestinationName destination, Release.Cause cause) {
        Breaker breaker = breakers.get(destination);
        boolean connects = breaker != null && breaker.release(cause);
        boolean sends = rooms.release(destination, cause);
        return connects || sends;
    }

    /** Closes every connection that was unused for its destination's idle time-out. */
    public void closeIdle() {
        connections.values().forEach(LaneConnection::closeIfIdle);
        metrics.connections((int) connections.values().stream().filter(LaneConnection::isOpen).count());
        breakers.keySet().forEach(destination -> metrics.connections(destination, open(destination)));
    }

    /** Breaks a lane's connection even if it is in use: the lane has another owner, which opens its own connection. */
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
        /** Anybody who still uses the connection belongs to an assignment that is over. */
        private volatile boolean retired;
        /** Written only under the lock. */
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

        /** Lends the connection to another lane, if it works. */
        Optional<PooledConnection> share() {
            // Its own lane may be opening a new connection; the other lane does not wait for that.
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

        /** Lends the connection if it is unused. */
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

        /** The connection, if it works. If it does not work, this closes it. */
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
                // The connection was retired while it was being opened. No other code will close it.
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
                // A new connection shows whether the destination is up; the old one does not matter.
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
            // The thread that holds the lock is about to use the connection.
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

        /** The class of what the server of this connection has shown so far; empty if none is open. */
        Optional<DestinationClass> promised() {
            Held present = held;
            return present == null || !present.files().isOpen()
                    ? Optional.empty()
                    : Optional.of(Capability.classOf(present.files().capabilities()));
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
        return breakers.computeIfAbsent(destination.name(),
                name -> new Breaker(name, metrics, time, random, recovered));
    }

    private Breaker.Trial trial(Lane lane, DestinationConfig destination) {
        return () -> connector.connect(destination, () -> spare(lane, destination));
    }
}
