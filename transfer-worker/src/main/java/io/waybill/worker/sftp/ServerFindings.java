package io.waybill.worker.sftp;

import io.waybill.worker.Capability;
import io.waybill.worker.TransferException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.sftp.common.SftpConstants;

/** What a destination's server was found to keep and not to keep; shared by all connections to it. Any thread. */
final class ServerFindings {
    /** Somebody may take a probe's files away, and where nothing can be said once, much the same is said again. */
    private static final int MOST_PROBES = 5;

    private static final int MOST_REFUSALS = 3;

    /** From here on the server is one that does not sync directories. */
    static final int MOST_UNSYNCED = 1000;

    private final Set<Capability> proven = ConcurrentHashMap.newKeySet();
    private final Set<Capability> disproved = ConcurrentHashMap.newKeySet();
    private final Set<String> unsynced = ConcurrentHashMap.newKeySet();
    private final ReentrantLock probing = new ReentrantLock();
    private final AtomicInteger provenHandles = new AtomicInteger();
    private final AtomicInteger mostHandles = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean probed;
    private int probes;
    private final ReentrantLock trying = new ReentrantLock();
    private final AtomicInteger mostChannels = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger stripesRefused = new AtomicInteger();
    private final AtomicInteger connectionsLost = new AtomicInteger();

    /** Tries things out; empty if nothing certain came of it. */
    @FunctionalInterface
    interface Probing {
        Optional<ServerProbe.Result> run() throws TransferException;
    }

    /** What can be counted on, given what the server says of itself. */
    Set<Capability> reliable(Set<Capability> offered) {
        var reliable = EnumSet.noneOf(Capability.class);
        reliable.addAll(offered);
        reliable.addAll(proven);
        reliable.removeAll(disproved);
        return reliable;
    }

    /** The same, for files of this directory. */
    Set<Capability> reliable(Set<Capability> offered, String directory) {
        Set<Capability> reliable = reliable(offered);
        if (unsynced.contains(directory)) {
            reliable.remove(Capability.SYNC_DIRECTORY);
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

    void disprove(Capability capability) {
        disproved.add(capability);
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

    /** Probes the server unless it was probed before; who comes meanwhile waits for what is found. */
    void probeOnce(Probing probe) throws TransferException {
        if (probed) {
            return;
        }
        probing.lock();
        try {
            if (!probed) {
                probes++;
                Optional<ServerProbe.Result> result = probe.run();
                result.ifPresent(found -> {
                    proven.addAll(found.kept());
                    disproved.addAll(found.broken());
                });
                probed = result.isPresent() || probes == MOST_PROBES;
            }
        } finally {
            probing.unlock();
        }
    }
}
