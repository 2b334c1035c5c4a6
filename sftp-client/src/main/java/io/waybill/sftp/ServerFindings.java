package io.waybill.sftp;

import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles.Evidence;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * What one server of a destination was found to do and not to do. All connections to it share this object. Any thread.
 */
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

    private static final Set<Capability> OF_DIRECTORIES = Set.of(Capability.RENAME, Capability.REPLACE);

    private final Set<Capability> proven = ConcurrentHashMap.newKeySet();
    private final Set<Capability> disproved = ConcurrentHashMap.newKeySet();
    private final Set<String> unsynced = ConcurrentHashMap.newKeySet();
    private final ReentrantLock probing = new ReentrantLock();
    private final AtomicInteger provenHandles = new AtomicInteger();
    private final AtomicInteger mostHandles = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicBoolean renames;
    private volatile boolean probed;
    private int probes;
    private final Map<Place, Found> places = recent(MOST_PLACES);
    private final Map<List<Place>, Boolean> apart = recent(MOST_PLACES);
    private volatile @Nullable Place first;
    /** The result of the trials in the place that was tested first, for callers that name no place. */
    private volatile Found inFirst = Found.NOTHING;
    /** Whether the server renames or replaces files in some directories and not in others, or not always. */
    private volatile boolean byDirectory;
    private final ReentrantLock trying = new ReentrantLock();
    private final AtomicInteger mostChannels = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger stripesRefused = new AtomicInteger();
    private final AtomicInteger connectionsLost = new AtomicInteger();

    /** For the only server of a destination. */
    ServerFindings() {
        this(new AtomicBoolean());
    }

    /**
     * @param renames whether any server of the destination ever renamed a file; all its servers share it
     */
    ServerFindings(AtomicBoolean renames) {
        this.renames = renames;
    }

    /** A map for any threads that forgets the entry that was not used for longest, once it has more than so many. */
    static <K, V> Map<K, V> recent(int most) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        });
    }

    /** Runs a trial; empty if the trial had no certain result. */
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

    /**
     * The result of the trials in a place.
     *
     * @param renames whether the server renames files there, as far as is known
     */
    private record Found(Evidence replacing, boolean renames, int probes) {
        private static final Found NOTHING = new Found(Evidence.UNPROVEN, true, 0);
    }

    /**
     * What can be relied on, given what the server offers. For renaming and replacing, the place that was tested first
     * decides.
     */
    Set<Capability> reliable(Set<Capability> offered) {
        return reliable(offered, inFirst);
    }

    /** What can be relied on for files of a place. */
    Set<Capability> reliable(Set<Capability> offered, Place place) {
        Set<Capability> reliable = reliable(offered, found(place));
        if (unsynced.contains(place.directory())) {
            reliable.remove(Capability.SYNC_DIRECTORY);
        }
        return reliable;
    }

    private Set<Capability> reliable(Set<Capability> offered, Found found) {
        var reliable = EnumSet.noneOf(Capability.class);
        reliable.addAll(offered);
        reliable.addAll(proven);
        reliable.removeAll(disproved);
        if (found.replacing() == Evidence.DISPROVED || !found.renames()) {
            reliable.remove(Capability.REPLACE);
        }
        if (!found.renames()) {
            reliable.remove(Capability.RENAME);
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
        return found(place).replacing();
    }

    /** Whether two places are on different file systems. The server is asked until it answers. */
    boolean apart(Place one, Place other, Asking<Optional<Boolean>> question) throws TransferException {
        if (one.equals(other)) {
            return false;
        }
        List<Place> both = List.of(one, other);
        Boolean known = apart.get(both);
        if (known != null) {
            return known;
        }
        Optional<Boolean> told = question.ask();
        told.ifPresent(is -> apart.put(both, is));
        return told.orElse(false);
    }

    /** Sends a question to the server. */
    @FunctionalInterface
    interface Asking<T> {
        T ask() throws TransferException;
    }

    private Found found(Place place) {
        Found found = places.get(place);
        return found == null ? Found.NOTHING : found;
    }

    /** Whether nothing could be renamed there at the last trial. This may have changed since. */
    boolean refusesRenames(Place place) {
        return byDirectory && !found(place).renames();
    }

    /**
     * Records that the server lacks a capability. If the server has ever replaced a file, it knows that request, whatever
     * it says now.
     */
    void disprove(Capability capability) {
        if (capability != Capability.REPLACE || inFirst.replacing() != Evidence.PROVEN) {
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
     * renaming or replacing failed in the place that was tested first, every other place is tested as well.
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
                takeNoteOf(place, result);
            }
        } finally {
            probing.unlock();
        }
    }

    /**
     * Tests a place once more where nothing could be renamed. The reason may have been a full disk, or a right that has
     * been granted since.
     */
    void probeAgain(Place place, Probing probe) throws TransferException {
        probing.lock();
        try {
            if (refusesRenames(place)) {
                Optional<ServerProbe.Result> result = probe.run().filter(ServerProbe.Result::tried);
                if (result.isPresent()) {
                    takeNoteOf(place, result);
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
            tried.ifPresent(found -> {
                if (first == null) {
                    takeNote(place, found);
                    probed = true;
                } else {
                    takeNoteOf(place, tried);
                }
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
        Found found = found(place);
        return byDirectory
                && found.renames()
                && found.replacing() == Evidence.UNPROVEN
                && found.probes() < MOST_PROBES;
    }

    private void takeNote(Place place, ServerProbe.Result found) {
        first = place;
        takeNoteOf(place, Optional.of(found));
        // What a trial shows about renaming and replacing is kept by directory. No thread may see it for another
        // directory, even for a moment.
        found.kept().stream().filter(capability -> capability != Capability.REPLACE).forEach(proven::add);
        if (found.speaksOfDirectory()) {
            byDirectory = true;
            disproved.removeAll(OF_DIRECTORIES);
        }
        found.broken().stream()
                .filter(capability -> !(found.speaksOfDirectory() && OF_DIRECTORIES.contains(capability)))
                .forEach(disproved::add);
    }

    /** Records a result for one place only; empty if the trial had no certain result. */
    private void takeNoteOf(Place place, Optional<ServerProbe.Result> result) {
        Found before = found(place);
        var now = new Found(
                result.map(ServerProbe.Result::replacing).orElse(Evidence.UNPROVEN),
                result.map(found -> !found.renamesNothing()).orElse(before.renames()),
                before.probes() + 1);
        places.put(place, now);
        if (place.equals(first)) {
            inFirst = now;
        }
        if (result.filter(found -> found.kept().contains(Capability.RENAME)).isPresent()
                || now.replacing() == Evidence.PROVEN) {
            renames.set(true);
        }
    }
}
