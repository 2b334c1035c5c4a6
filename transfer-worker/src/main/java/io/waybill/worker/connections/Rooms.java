package io.waybill.worker.connections;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.time.ProcessClock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Where there is no room. One breaker for each directory, because quotas and file systems differ between directories, and only
 * for those in which a file found no room since the last delivery. Any thread.
 */
public final class Rooms {
    /** A path template may make a directory of each key. */
    private static final int MOST = 10_000;

    private final ProcessClock time;
    private final RandomGenerator random;
    private final Consumer<Place> recovered;
    private final Map<Directory, RoomBreaker> full = new ConcurrentHashMap<>();

    private record Directory(DestinationName destination, String name) {}

    /**
     * @param random    randomises the delays
     * @param recovered takes a destination when there is room again; does not wait
     */
    Rooms(ProcessClock time, RandomGenerator random, Consumer<Place> recovered) {
        this.time = time;
        this.random = random;
        this.recovered = recovered;
    }

    /**
     * Returns if a file may be sent to a directory.
     *
     * @throws DestinationDownException if not
     */
    public void admit(DestinationName destination, String directory) throws DestinationDownException {
        RoomBreaker breaker = full.get(new Directory(destination, directory));
        if (breaker != null) {
            breaker.admit();
        }
    }

    /**
     * There was no room for a file.
     *
     * @return when to send it again, if the directory and not the file is to blame
     */
    public Optional<Instant> full(DestinationName destination, String directory, FileId file, Failure failure) {
        if (full.size() >= MOST) {
            // What is forgotten is found out again, by a few files.
            full.clear();
        }
        return full.computeIfAbsent(
                new Directory(destination, directory),
                key -> new RoomBreaker(key.destination(), key.name(), time, random, recovered)).full(file, failure);
    }

    /** A file was delivered to a directory. */
    public void delivered(DestinationName destination, String directory) {
        RoomBreaker breaker = full.remove(new Directory(destination, directory));
        if (breaker != null) {
            breaker.delivered();
        }
    }

    /**
     * Somebody says that a destination may be tried. Does not wait.
     *
     * @return whether that moves a next try forward
     */
    boolean release(DestinationName destination, Release.Cause cause) {
        boolean forward = false;
        for (Map.Entry<Directory, RoomBreaker> one : full.entrySet()) {
            forward |= one.getKey().destination().equals(destination) && one.getValue().release(cause);
        }
        return forward;
    }
}
