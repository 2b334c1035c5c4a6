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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.sftp.common.SftpConstants;

/** What a server of a destination was found to keep and not to keep; shared by all connections to it. Any thread. */
final class ServerFindings {
    /**
     * A partner may take away the files of a trial. If several trials had no result, further ones probably have none
     * either.
     */
    static final int MOST_PROBES = 5;

    private static final int MOST_REFUSALS = 3;

    /** With this many directories, the server counts as one that syncs no directory. */
    static final int MOST_UNSYNCED = 1000;

    /** Beyond this number the place that was not used for longest is forgotten. If it is used again, it is tested again. */
    private static final int MOST_PLACES = 1000;

    private final Set<Capability> proven = ConcurrentHashMap.newKeySet();
    private final Set<Capability> disproved = ConcurrentHashMap.newKeySet();
    private final Set<String> unsynced = ConcurrentHashMap.newKeySet();
    private final ReentrantLock probing = new ReentrantLock();
    private final AtomicInteger provenHandles = new AtomicInteger();
    private final AtomicInteger mostHandles = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicBoolean renames;
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

    /** Of the only server of a destination. */
    ServerFindings() {
        this(new AtomicBoolean());
    }

    /**
     * @param renames whether any server of the destination was ever seen to rename a file; shared by all of them
     */
    ServerFindings(AtomicBoolean renames) {
        this.renames = renames;
    }

    /** Tries things out; empty if nothing certain came of it. */
    @FunctionalInterface
    interface Probing {
        Optional<ServerProbe.Result> run() throws TransferException;
    }

    /**
     * A directory in which files are staged.
     *
     * @param server which of the machines behind the destination's address
     */
    record Place(String server, String directory) {}

    /** The result of the trials in a place. */
    private record Found(Evidence replacing, int probes) {}

    /** What can be relied on, given what the server offers. For replacing, the place that was tested first decides. */
    Set<Capability> reliable(Set<Capability> offered) {
        return reliable(offered, firstPlace);
    }

    /** What can be relied on for files of a place. */
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
     * Records that the server did not sync this directory. It may sync others.
     *
     * @param status the status of the server's refusal
     */
    void notSynced(String directory, int status) {
        unsynced.add(directory);
        if (status == SftpConstants.SSH_FX_OP_UNSUPPORTED || unsynced.size() >= MOST_UNSYNCED) {
            disprove(Capability.SYNC_DIRECTORY);
        }
    }

    /** What is known about replacing files in a place. */
    Evidence replacing(Place place) {
        Found found = places.get(place);
        return found == null ? Evidence.UNPROVEN : found.replacing();
    }

    /**
     * Records that the server lacks a capability. If the server has ever replaced a file, it knows that request, whatever
     * it says now.
     */
    void disprove(Capability capability) {
        if (capability != Capability.REPLACE || firstPlace != Evidence.PROVEN) {
            disproved.add(capability);
        }
    }

    /** Records that this many files were open over one connection at one time. */
    void proveHandles(int number) {
        provenHandles.accumulateAndGet(number, Math::max);
    }

    int provenHandles() {
        return provenHandles.get();
    }

    /** Records that the server allowed this many files over one connection and refused another. */
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

    /** Tests something with the server. */
    @FunctionalInterface
    interface Trial {
        boolean succeeds() throws IOException;
    }

    /** Whether the server takes a file over several channels. The trial runs once; other threads wait for its result. */
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

    /** How many channels of one connection the server allows, as far as is known. */
    int mostChannels() {
        return mostChannels.get();
    }

    /** Records that the server allowed this many channels and refused another. */
    void refusedChannel(int channels) {
        mostChannels.accumulateAndGet(channels, Math::min);
    }

    /**
     * Records that a file could not be opened again over a further channel. If this happens often enough, it is no
     * accident.
     */
    void refusedStripe() {
        if (stripesRefused.incrementAndGet() >= MOST_REFUSALS) {
            disprove(Capability.STRIPES);
        }
    }

    /**
     * Records that a connection was lost while a further channel was opened or tested. A server that always breaks the
     * connection then allows no further channel.
     */
    void lostConnection() {
        if (connectionsLost.incrementAndGet() >= MOST_REFUSALS) {
            disprove(Capability.STRIPES);
        }
    }

    /** Records that a further channel was opened and tested, and the connection still exists. */
    void keptConnection() {
        connectionsLost.set(0);
    }

    /**
     * Runs a trial of the server, unless it was tested before. Threads that come meanwhile wait for the result. If
     * replacing failed in the place that was tested first, every other place is tested as well.
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
                // There is no directory. A wrong route must not use up the trials of the right ones.
                return;
            }
            if (first) {
                result.ifPresent(found -> takeNote(place, found));
                probed = result.isPresent() || ++probes == MOST_PROBES;
            } else {
                Found before = places.getOrDefault(place, new Found(Evidence.UNPROVEN, 0));
                Evidence replacing = result.map(ServerProbe.Result::replacing).orElse(Evidence.UNPROVEN);
                places.put(place, new Found(replacing, before.probes() + 1));
                if (replacing == Evidence.PROVEN) {
                    renames.set(true);
                }
            }
        } finally {
            probing.unlock();
        }
    }

    /**
     * Whether nothing can be renamed in a place. A trial that runs now shows it; false if any file was ever seen renamed.
     * If nothing was known about the server, the result of this trial counts for the whole server.
     */
    boolean renamesNothing(Place place, Probing probe) throws TransferException {
        probing.lock();
        try {
            if (renames.get()) {
                return false;
            }
            Optional<ServerProbe.Result> tried = probe.run().filter(ServerFindings::tellsOfRenames);
            tried.filter(_ -> !lacks(Capability.RENAME)).ifPresent(found -> {
                takeNote(place, found);
                probed = true;
            });
            return tried.isPresent() && !renames.get();
        } finally {
            probing.unlock();
        }
    }

    private static boolean tellsOfRenames(ServerProbe.Result result) {
        return result.kept().contains(Capability.RENAME) || result.broken().contains(Capability.RENAME);
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
        // What a trial shows about replacing is kept by directory.
        proven.remove(Capability.REPLACE);
        if (found.replacing() == Evidence.DISPROVED) {
            disproved.remove(Capability.REPLACE);
        }
        places.put(place, new Found(found.replacing(), 1));
        firstPlace = found.replacing();
        if (found.kept().contains(Capability.RENAME) || found.replacing() == Evidence.PROVEN) {
            renames.set(true);
        }
    }
}
