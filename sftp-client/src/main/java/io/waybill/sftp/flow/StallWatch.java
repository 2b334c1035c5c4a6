package io.waybill.sftp.flow;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a server stopped answering, and breaks the connection. There are three cases:
 * <ul>
 * <li>A thread waits, and for {@link #TICKS} ticks in a row nothing moved on the connection. An answer counts as a move,
 *     and so does the beginning of a request. A packet under way does not count. So on a line that takes longer than the
 *     time-out for the largest packet, nothing can be sent.
 * <li>A server takes the bytes of one channel so slowly that they never end, or not at all, while it answers on other
 *     channels: writes wait, and for {@link #WINDOW} ticks in a row the server acknowledged fewer than {@link #LEAST_RATE}
 *     bytes a second and no file ended.
 * <li>One answer does not come while others do: it became due before the {@link #PERIOD} that has just ended.
 * </ul>
 * The watch counts the ticks of a scheduler and reads no clock. So a clock that is set, or a machine that slept, breaks no
 * connection. A connection's threads call the other methods; one scheduler thread calls {@link #tick}.
 */
public final class StallWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    /** How many ticks make a stall. A stall is noticed after one to one and a quarter times the time-out. */
    public static final int TICKS = 4;

    /** Eight time-outs: on a slow line the bytes of one channel wait behind the bytes of all other channels. */
    static final int WINDOW = 8 * TICKS;

    /** Bytes per second. No line is so slow, even if many channels of many connections share it. */
    static final int LEAST_RATE = 64;

    /** Only a backstop: behind many megabytes on a slow line, an answer may take long although the connection works. */
    static final int PERIOD = 10 * TICKS;

    private final Runnable breakConnection;
    private final long leastOfWindow;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder moves = new LongAdder();
    /**
     * Answers that became due in periods with even and with odd numbers. Two counters used in turn cost less than a time
     * for each answer.
     */
    private final List<AtomicInteger> due = List.of(new AtomicInteger(), new AtomicInteger());
    private volatile int period;
    private int ticksOfPeriod;
    private long seen;
    private int idleTicks;
    private volatile boolean stalled;

    /**
     * @param timeout the length of {@link #TICKS} ticks
     */
    public StallWatch(Duration timeout, Runnable breakConnection) {
        this.breakConnection = breakConnection;
        this.leastOfWindow = timeout.toMillis() * (WINDOW / TICKS) * LEAST_RATE / Duration.ofSeconds(1).toMillis();
    }

    /** A thread waits for the server until it closes the result. */
    public Waiting waiting() {
        moved();
        waiting.incrementAndGet();
        return () -> {
            waiting.decrementAndGet();
            moved();
        };
    }

    /** A thread waits for one particular answer until it closes the result. */
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

    /** Watches another channel of the connection. */
    public Channel channel() {
        var channel = new Channel();
        channels.add(channel);
        return channel;
    }

    public boolean stalled() {
        return stalled;
    }

    /** Never throws. A scheduler drops a task that throws, and then a server that stalls would hang files for ever. */
    public void tick() {
        try {
            look();
        } catch (RuntimeException | Error e) {
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
        // At or after this number: if the connection could not be broken, the next tick tries again.
        return ++idleTicks >= TICKS;
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

    /**
     * What is due over one channel. A server may have a process for each channel, and one process may hang while the others
     * work.
     */
    public final class Channel {
        private final AtomicInteger writing = new AtomicInteger();
        private final LongAdder progress = new LongAdder();
        private long before;
        private int writingTicks;

        private Channel() {}

        /** Like {@link StallWatch#waiting}. */
        public Waiting waiting() {
            return StallWatch.this.waiting();
        }

        /** Like {@link StallWatch#answerDue}. */
        public Waiting answerDue() {
            return StallWatch.this.answerDue();
        }

        /** A write of this many bytes of a file waits for its answer until the result is closed. */
        public Waiting writing(int bytes) {
            Waiting answer = waiting();
            writing.incrementAndGet();
            return () -> {
                progress.add(bytes);
                writing.decrementAndGet();
                answer.close();
            };
        }

        /**
         * Many small files have few bytes; syncing each of them to the disk takes the time. So the end of a file counts as
         * progress.
         */
        public void fileEnded() {
            progress.add(leastOfWindow);
        }

        private boolean sipping() {
            long now = progress.sum();
            // If no write waits, the server is not to blame: the source is slow, or Waybill's own limit holds the writes
            // back.
            if (writing.get() == 0 || now - before >= leastOfWindow) {
                before = now;
                writingTicks = 0;
                return false;
            }
            return ++writingTicks >= WINDOW;
        }
    }

    /** A wait for the server; ends when it is closed. */
    public interface Waiting extends AutoCloseable {
        @Override
        void close();
    }
}
