package io.waybill.sftp;

import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Evidence;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.sftp.common.SftpConstants;

/** What a destination's server was found to keep and not to keep; shared by all connections to it. Any thread. */
final class ServerFindings {
    /** Somebody may take a probe's files away, and where nothing can be said once, much the same is said again. */
    static final int MOST_PROBES = 5;

    private static final int MOST_REFUSALS = 3;

    /** From here on the server is one that does not sync directories. */
    static final int MOST_UNSYNCED = 1000;

    /** Beyond that the one not used for longest is forgotten, and tried again if it is used again. */
    private static final int MOST_PLACES = 1000;

    private final Set<Capability> proven = ConcurrentHashMap.newKeySet();
    private final Set<Capability> disproved = ConcurrentHashMap.newKeySet();
    private final Set<String> unsynced = ConcurrentHashMap.newKeySet();
    private final ReentrantLock probing = new ReentrantLock();
    private final AtomicInteger provenHandles = new AtomicInteger();
    private final AtomicInteger mostHandles = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean probed;
    private int probes;
    private final Map<Place, Found> places = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Found> eldest) {
            return size() > MOST_PLACES;
        }
    });
    private volatile Evidence firstPlace = Evidence.UNPROVEN;
    private final ReentrantLock trying = new ReentrantLock();
    private final AtomicInteger mostChannels = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger stripesRefused = new AtomicInteger();
    private final AtomicInteger connectionsLost = new AtomicInteger();

    /** Tries things out; empty if nothing certain came of it. */
    @FunctionalInterface
    interface Probing {
        Optional<ServerProbe.Result> run() throws TransferException;
    }

    /**
     * Where files are staged.
     *
     * @param server which of the machines behind the destination's address
     */
    record Place(String server, String directory) {}

    /** What probing a place came to. */
    private record Found(Evidence replacing, int probes) {}

    /** What can be counted on, given what the server says of itself; for replacing, the place probed first speaks. */
    Set<Capability> reliable(Set<Capability> offered) {
        return reliable(offered, firstPlace);
    }

    /** What can be counted on for files of a place. */
    Set<Capability> reliable(Set<Capability> offered, Place place) {
        Set<Capability> reliable = reliable(offered, replacing(place));
        if (unsynced.contains(place.directory())) {
            reliable.remove(Capability.SYNC_DIRECTORY);
        }
        return reliable;
    }

    private Set<Capability> reliable(Set<Capability> offered, Evidence replacing) {
        var reliable = EnumSet.noneOf(Capability.class);
        reliable.addAll(offered);
        reliable.addAll(proven);
        reliable.removeAll(disproved);
        if (replacing == Evidence.DISPROVED) {
            reliable.remove(Capability.REPLACE);
        }
        return reliable;
    }

    /**
     * This directory was not brought to the disk; others may be.
     *
     * @param status what the server refused it with
     */
    void notSynced(String directory, int status) {
        unsynced.add(directory);
        if (status == SftpConstants.SSH_FX_OP_UNSUPPORTED || unsynced.size() >= MOST_UNSYNCED) {
            disprove(Capability.SYNC_DIRECTORY);
        }
    }

    /** What is known of replacing files there. */
    Evidence replacing(Place place) {
        Found found = places.get(place);
        return found == null ? Evidence.UNPROVEN : found.replacing();
    }

    /** Whatever a server says that has replaced a file, it does not lack the request. */
    void disprove(Capability capability) {
        if (capability != Capability.REPLACE || firstPlace != Evidence.PROVEN) {
            disproved.add(capability);
        }
    }

    /** So many files were open over one connection at one time. */
    void proveHandles(int number) {
        provenHandles.accumulateAndGet(number, Math::max);
    }

    int provenHandles() {
        return provenHandles.get();
    }

    /** One more than this many files was refused for its number. */
    void allowHandles(int number) {
        mostHandles.accumulateAndGet(Math.max(1, number), Math::min);
    }

    /** How many files may be open over one connection. */
    int mostHandles() {
        return mostHandles.get();
    }

    boolean lacks(Capability capability) {
        return disproved.contains(capability);
    }

    /** Tries something out with the server. */
    @FunctionalInterface
    interface Trial {
        boolean succeeds() throws IOException;
    }

    /** Whether the server takes a file over several channels; tried once, and who comes meanwhile waits. */
    boolean stripes(Trial trial) throws IOException {
        trying.lock();
        try {
            if (!proven.contains(Capability.STRIPES) && !lacks(Capability.STRIPES)) {
                (trial.succeeds() ? proven : disproved).add(Capability.STRIPES);
            }
            return !lacks(Capability.STRIPES);
        } finally {
            trying.unlock();
        }
    }

    /** How many channels of one connection the server is known to allow, or not known not to. */
    int mostChannels() {
        return mostChannels.get();
    }

    /** The server did not open a channel beyond so many. */
    void refusedChannel(int channels) {
        mostChannels.accumulateAndGet(channels, Math::min);
    }

    /** Something came between when a file was to be opened again. What happens so often is no accident. */
    void refusedStripe() {
        if (stripesRefused.incrementAndGet() >= MOST_REFUSALS) {
            disprove(Capability.STRIPES);
        }
    }

    /** A connection was lost while further channels were made or tried; a server that always breaks it then takes none. */
    void lostConnection() {
        if (connectionsLost.incrementAndGet() >= MOST_REFUSALS) {
            disprove(Capability.STRIPES);
        }
    }

    /** A further channel was made and tried, and the connection is there. */
    void keptConnection() {
        connectionsLost.set(0);
    }

    /**
     * Probes the server unless it was probed before; who comes meanwhile waits for what is found. Where replacing failed in
     * the place that was probed first, it is tried in every other one as well.
     */
    void probeOnce(Place place, Probing probe) throws TransferException {
        if (probed && !isDue(place)) {
            return;
        }
        probing.lock();
        try {
            boolean first = !probed;
            if (!first && !isDue(place)) {
                return;
            }
            Optional<ServerProbe.Result> result = probe.run();
            if (result.isPresent() && !result.get().tried()) {
                // No directory: a route that is wrong must not use up the probes of those that are right.
                return;
            }
            if (first) {
                result.ifPresent(found -> takeNote(place, found));
                probed = result.isPresent() || ++probes == MOST_PROBES;
            } else {
                Found before = places.getOrDefault(place, new Found(Evidence.UNPROVEN, 0));
                Evidence replacing = result.map(ServerProbe.Result::replacing).orElse(Evidence.UNPROVEN);
                places.put(place, new Found(replacing, before.probes() + 1));
            }
        } finally {
            probing.unlock();
        }
    }

    /**
     * Whether nothing can be renamed in a place, as a probe shows that is run now; false where anything was ever seen to be
     * renamed. What such a probe shows counts for the server if nothing was known of it.
     */
    boolean renamesNothing(Place place, Probing probe) throws TransferException {
        probing.lock();
        try {
            if (renames()) {
                return false;
            }
            Optional<ServerProbe.Result> tried = probe.run().filter(ServerFindings::tellsOfRenames);
            tried.filter(_ -> !lacks(Capability.RENAME)).ifPresent(found -> {
                takeNote(place, found);
                probed = true;
            });
            return tried.isPresent() && !renames();
        } finally {
            probing.unlock();
        }
    }

    private static boolean tellsOfRenames(ServerProbe.Result result) {
        return result.kept().contains(Capability.RENAME) || result.broken().contains(Capability.RENAME);
    }

    private boolean renames() {
        return proven.contains(Capability.RENAME)
                || places.values().stream().anyMatch(found -> found.replacing() == Evidence.PROVEN);
    }

    private boolean isDue(Place place) {
        if (firstPlace != Evidence.DISPROVED) {
            return false;
        }
        Found found = places.get(place);
        return found == null || found.replacing() == Evidence.UNPROVEN && found.probes() < MOST_PROBES;
    }

    private void takeNote(Place place, ServerProbe.Result found) {
        proven.addAll(found.kept());
        disproved.addAll(found.broken());
        // What is shown of one directory is kept by directory.
        proven.remove(Capability.REPLACE);
        if (found.replacing() == Evidence.DISPROVED) {
            disproved.remove(Capability.REPLACE);
        }
        places.put(place, new Found(found.replacing(), 1));
        firstPlace = found.replacing();
    }
}
