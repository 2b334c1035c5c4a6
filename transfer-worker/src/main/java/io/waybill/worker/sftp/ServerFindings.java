package io.waybill.worker.sftp;

import io.waybill.worker.Capability;
import io.waybill.worker.TransferException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** What a destination's server was found to keep and not to keep; shared by all connections to it. Any thread. */
final class ServerFindings {
    /** Somebody may take a probe's files away, and where nothing can be said once, much the same is said again. */
    private static final int MOST_PROBES = 5;

    private final Set<Capability> proven = ConcurrentHashMap.newKeySet();
    private final Set<Capability> disproved = ConcurrentHashMap.newKeySet();
    private final ReentrantLock probing = new ReentrantLock();
    private final AtomicInteger provenHandles = new AtomicInteger();
    private final AtomicInteger mostHandles = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean probed;
    private int probes;

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
