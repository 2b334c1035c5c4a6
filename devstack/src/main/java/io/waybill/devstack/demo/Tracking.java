package io.waybill.devstack.demo;

import io.waybill.devstack.demo.Shipment.Stored;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings the stored files and their states together. Either may come first: a small file may be delivered before the
 * store has returned its identity. Safe for several threads.
 */
final class Tracking implements FileStates.Listener {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Map<FileId, FileState> states = new HashMap<>();
    private final Map<FileId, Stored> open = new HashMap<>();
    private @Nullable RuntimeException failure;
    private long total;
    private long totalBytes;
    private long stored;
    private long ended;
    private long endedBytes;
    private long verified;

    synchronized void begin(LocalFiles files) {
        total = files.files().size();
        totalBytes = files.bytes();
    }

    synchronized void expect(Shipment shipment) {
        stored++;
        switch (shipment) {
            case Shipment.Stored one -> {
                open.put(one.id(), one);
                settle(one.id());
            }
            case Shipment.NotStored _ -> ended++;
        }
    }

    @Override
    public synchronized void now(FileId id, @Nullable FileState state) {
        if (state == null) {
            states.remove(id);
        } else {
            states.put(id, state);
            settle(id);
        }
    }

    private void settle(FileId id) {
        FileState state = states.get(id);
        if (state != null && state.status().terminal()) {
            Stored done = open.remove(id);
            if (done != null) {
                ended++;
                endedBytes += done.content().size();
                notifyAll();
            }
        }
    }

    @Override
    public synchronized void broken(RuntimeException cause) {
        failure = cause;
        notifyAll();
    }

    synchronized void verified() {
        verified++;
    }

    synchronized Optional<FileState> state(FileId id) {
        return Optional.ofNullable(states.get(id));
    }

    synchronized DemoProgress progress() {
        return new DemoProgress(total, totalBytes, stored, ended, endedBytes, verified);
    }

    /**
     * Waits until every expected file has ended.
     *
     * @param latest the time at which the wait ends, by the clock's nanoseconds
     * @return false if the time is over
     * @throws RuntimeException the failure that ended the reading of states
     */
    synchronized boolean awaitEnds(long latest, ProcessClock clock) throws InterruptedException {
        while (!open.isEmpty()) {
            if (failure != null) {
                throw failure;
            }
            if (clock.isOver(latest)) {
                return false;
            }
            wait(LOOK_EVERY.toMillis());
        }
        return true;
    }
}
