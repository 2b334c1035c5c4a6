package io.waybill.worker.sftp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Notices that a server stopped answering: somebody waits, and for {@link #TICKS} ticks in a row nothing moved on the
 * connection. An answer moves, and a request that is begun; a packet under way does not, so on a line that takes longer than
 * the time-out over the largest packet nothing can be sent. Also that it takes what comes over one channel in such small
 * sips that it never ends, or not at all, while others are answered: writes wait, and for {@link #WINDOW} ticks in a row fewer
 * than {@link #LEAST_RATE} bytes a second were acknowledged and no file ended. It counts ticks of a scheduler rather than
 * reading a clock, so that a clock that is set, or a machine that slept, breaks no connection. A connection's threads call
 * the other methods; one scheduler thread calls {@link #tick}.
 */
final class StallWatch {
    /** How many ticks make a stall: it is noticed after one to one and a quarter times the time-out. */
    static final int TICKS = 4;

    /** Eight time-outs: on a slow line what comes over one channel waits behind what goes over all others. */
    static final int WINDOW = 8 * TICKS;

    /** In bytes: no line is so slow, even if it is shared by many channels of many connections. */
    static final int LEAST_RATE = 64;

    private final Runnable breakConnection;
    private final long leastOfWindow;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder moves = new LongAdder();
    private long seen;
    private int idleTicks;
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

    private void moved() {
        moves.increment();
    }

    /** One more channel of the connection. */
    Channel channel() {
        var channel = new Channel();
        channels.add(channel);
        return channel;
    }

    boolean stalled() {
        return stalled;
    }

    void tick() {
        boolean stalls = silent();
        for (Channel channel : channels) {
            stalls |= channel.sipping();
        }
        if (stalls) {
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

    /** What is due over one channel: a server may have a process for each, and one may hang while the others work. */
    final class Channel {
        private final AtomicInteger writing = new AtomicInteger();
        private final LongAdder progress = new LongAdder();
        private long before;
        private int writingTicks;

        private Channel() {}

        /** The same as of the connection. */
        Waiting waiting() {
            return StallWatch.this.waiting();
        }

        /** A write of so many bytes of a file waits for its answer until the result is closed. */
        Waiting writing(int bytes) {
            Waiting answer = waiting();
            writing.incrementAndGet();
            return () -> {
                progress.add(bytes);
                writing.decrementAndGet();
                answer.close();
            };
        }

        /** Many small files are few bytes; what takes long is to bring each to the disk. */
        void fileEnded() {
            progress.add(leastOfWindow);
        }

        private boolean sipping() {
            long now = progress.sum();
            // Where no write waits, nobody can blame the server: the source is slow, or a limit is ours.
            if (writing.get() == 0 || now - before >= leastOfWindow) {
                before = now;
                writingTicks = 0;
                return false;
            }
            return ++writingTicks == WINDOW;
        }
    }

    /** A wait for the server; ends when closed. */
    interface Waiting extends AutoCloseable {
        @Override
        void close();
    }
}
