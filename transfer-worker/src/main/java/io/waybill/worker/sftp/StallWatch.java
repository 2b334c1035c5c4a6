package io.waybill.worker.sftp;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Notices that a server stopped answering: somebody waits, and for {@link #TICKS} ticks in a row nothing moved. It
 * counts ticks of a scheduler rather than reading a clock, so that a clock that is set, or a machine that slept, breaks
 * no connection. A connection's threads call {@link #waiting} and {@link #moved}; one scheduler thread calls
 * {@link #tick}.
 */
final class StallWatch {
    /** How many ticks make a stall: it is noticed after one to one and a quarter times the time-out. */
    static final int TICKS = 4;

    private final Runnable breakConnection;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder moves = new LongAdder();
    private long seen;
    private int idleTicks;
    private volatile boolean stalled;

    StallWatch(Runnable breakConnection) {
        this.breakConnection = breakConnection;
    }

    /** Somebody waits for the server until the result is closed. */
    Waiting waiting() {
        moved();
        waiting.incrementAndGet();
        return () -> {
            waiting.decrementAndGet();
            moved();
        };
    }

    /** The server took or answered something. */
    void moved() {
        moves.increment();
    }

    boolean stalled() {
        return stalled;
    }

    void tick() {
        long now = moves.sum();
        if (waiting.get() == 0 || now != seen) {
            seen = now;
            idleTicks = 0;
        } else if (++idleTicks == TICKS) {
            stalled = true;
            breakConnection.run();
        }
    }

    /** A wait for the server; ends when closed. */
    interface Waiting extends AutoCloseable {
        @Override
        void close();
    }
}
