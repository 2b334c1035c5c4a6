package io.waybill.sftp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a server stopped answering: somebody waits, and for {@link #TICKS} ticks in a row nothing moved on the
 * connection. An answer moves, and a request that is begun; a packet under way does not, so on a line that takes longer than
 * the time-out over the largest packet nothing can be sent. Also that it takes what comes over one channel in such small
 * sips that it never ends, or not at all, while others are answered: writes wait, and for {@link #WINDOW} ticks in a row fewer
 * than {@link #LEAST_RATE} bytes a second were acknowledged and no file ended. And that one answer does not come while others
 * do: it is due since before the {@link #PERIOD} that is over. It counts ticks of a scheduler rather than
 * reading a clock, so that a clock that is set, or a machine that slept, breaks no connection. A connection's threads call
 * the other methods; one scheduler thread calls {@link #tick}.
 */
final class StallWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    /** How many ticks make a stall: it is noticed after one to one and a quarter times the time-out. */
    static final int TICKS = 4;

    /** Eight time-outs: on a slow line what comes over one channel waits behind what goes over all others. */
    static final int WINDOW = 8 * TICKS;

    /** In bytes: no line is so slow, even if it is shared by many channels of many connections. */
    static final int LEAST_RATE = 64;

    /** A backstop only: behind many megabytes on a slow line an answer may take long while the connection is well. */
    static final int PERIOD = 10 * TICKS;

    private final Runnable breakConnection;
    private final long leastOfWindow;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder moves = new LongAdder();
    /** Answers that became due in periods of even and of odd numbers: two counters in turn cost less than to time each. */
    private final List<AtomicInteger> due = List.of(new AtomicInteger(), new AtomicInteger());
    private volatile int period;
    private int ticksOfPeriod;
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

    /** Somebody waits for one certain answer until the result is closed. */
    Waiting answerDue() {
        Waiting answer = waiting();
        AtomicInteger ofPeriod = due.get(period);
        ofPeriod.incrementAndGet();
        return () -> {
            ofPeriod.decrementAndGet();
            answer.close();
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

    /** Never throws: a scheduler takes a task that does off its list, and a server that stalls would hang files for ever. */
    void tick() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("The watch over a connection hit a fault of Waybill");
        }
    }

    private void look() {
        boolean stalls = silent();
        stalls |= swallowing();
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

    private boolean swallowing() {
        if (++ticksOfPeriod < PERIOD) {
            return false;
        }
        ticksOfPeriod = 0;
        int next = 1 - period;
        boolean swallowing = due.get(next).get() > 0;
        period = next;
        return swallowing;
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

        /** The same as of the connection. */
        Waiting answerDue() {
            return StallWatch.this.answerDue();
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
