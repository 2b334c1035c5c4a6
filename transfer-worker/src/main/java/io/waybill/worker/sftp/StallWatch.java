package io.waybill.worker.sftp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Notices that a server stopped answering: somebody waits, and for {@link #TICKS} ticks in a row nothing moved. Also that
 * it takes a file in such small sips that it never ends: writes wait, and for {@link #WINDOW} ticks in a row fewer than
 * {@link #LEAST_RATE} bytes a second were acknowledged. It counts ticks of a scheduler rather than reading a clock, so that a
 * clock that is set, or a machine that slept, breaks no connection. A connection's threads call the other methods; one
 * scheduler thread calls {@link #tick}.
 */
final class StallWatch {
    /** How many ticks make a stall: it is noticed after one to one and a quarter times the time-out. */
    static final int TICKS = 4;

    /** Eight time-outs: by default a quarter of an hour, in which a few of the largest packets come over the slowest line. */
    static final int WINDOW = 8 * TICKS;

    /** Half of what a partner on the slowest line takes. */
    static final int LEAST_RATE = 512;

    private final Runnable breakConnection;
    private final long leastOfWindow;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger writing = new AtomicInteger();
    private final LongAdder moves = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private long seen;
    private int idleTicks;
    private long acknowledgedBefore;
    private int writingTicks;
    private volatile boolean stalled;

    /**
     * @param timeout of {@link #TICKS} ticks
     */
    StallWatch(Duration timeout, Runnable breakConnection) {
        this.breakConnection = breakConnection;
        this.leastOfWindow = timeout.toMillis() * (WINDOW / TICKS) * LEAST_RATE / Duration.ofSeconds(1).toMillis();
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

    /** A write of so many bytes of a file waits for its answer until the result is closed. */
    Waiting writing(int bytes) {
        Waiting answer = waiting();
        writing.incrementAndGet();
        return () -> {
            acknowledged.add(bytes);
            writing.decrementAndGet();
            answer.close();
        };
    }

    private void moved() {
        moves.increment();
    }

    boolean stalled() {
        return stalled;
    }

    void tick() {
        if (silent() || sipping()) {
            stalled = true;
            breakConnection.run();
        }
    }

    private boolean silent() {
        long now = moves.sum();
        if (waiting.get() == 0 || now != seen) {
            seen = now;
            idleTicks = 0;
            return false;
        }
        return ++idleTicks == TICKS;
    }

    private boolean sipping() {
        long now = acknowledged.sum();
        // Where no write waits, nobody can blame the server: the source is slow, or a limit is ours.
        if (writing.get() == 0 || now - acknowledgedBefore >= leastOfWindow) {
            acknowledgedBefore = now;
            writingTicks = 0;
            return false;
        }
        return ++writingTicks == WINDOW;
    }

    /** A wait for the server; ends when closed. */
    interface Waiting extends AutoCloseable {
        @Override
        void close();
    }
}
