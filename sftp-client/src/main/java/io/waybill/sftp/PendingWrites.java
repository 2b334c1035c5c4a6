package io.waybill.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The writes to one file that are under way over one or several ways, and how far the file is safe. Answers may come in
 * any order, from any way; the safe offset passes over what is answered without a gap, and never over a write that was
 * refused, whatever is answered behind it. One thread writes; any may answer, join and look.
 *
 * @param <H> what a write goes through
 */
final class PendingWrites<H> {
    /** How far a file may be written beyond what is safe: a way that does not answer is noticed, and little is repeated. */
    static final long LONGEST_SPAN = 64L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Sent<H>> sent = new ArrayDeque<>();
    private final List<Way<H>> ways = new ArrayList<>();
    private long position;
    private volatile long safe;
    private boolean complete;
    private @Nullable IOException failure;

    PendingWrites(long from, Way<H> first) {
        this.position = from;
        this.safe = from;
        ways.add(first);
    }

    /** A handle that the file is written through. */
    static final class Way<H> {
        private final H handle;
        private final long most;
        private final BooleanSupplier open;
        private long underWay;

        /** A way that is always open. */
        Way(H handle, long most) {
            this(handle, most, () -> true);
        }

        /**
         * @param most bytes that may be under way over it; one write may, whatever its length
         * @param open whether it may be used now; one way at least is always open
         */
        Way(H handle, long most, BooleanSupplier open) {
            this.handle = handle;
            this.most = most;
            this.open = open;
        }

        private boolean hasRoomFor(int length) {
            return (underWay == 0 || underWay + length <= most) && open.getAsBoolean();
        }
    }

    /** A write that is under way. */
    static final class Sent<H> {
        private final Way<H> way;
        private final long offset;
        private final int length;
        private boolean written;

        private Sent(Way<H> way, long offset, int length) {
            this.way = way;
            this.offset = offset;
            this.length = length;
        }

        H handle() {
            return way.handle;
        }

        long offset() {
            return offset;
        }
    }

    /**
     * Another way to write over.
     *
     * @return false if there will be no more writes
     */
    boolean join(Way<H> way) {
        lock.lock();
        try {
            if (!complete) {
                ways.add(way);
                changed.signalAll();
            }
            return !complete;
        } finally {
            lock.unlock();
        }
    }

    /** There will be no more writes, and so nothing joins any more; what the file was written through. */
    List<H> complete() {
        lock.lock();
        try {
            complete = true;
            return ways.stream().map(way -> way.handle).toList();
        } finally {
            lock.unlock();
        }
    }

    /** What the file is written through at this moment. */
    List<H> handles() {
        lock.lock();
        try {
            return ways.stream().map(way -> way.handle).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until one of the ways has room, and begins a write of the next bytes over the one that has most. */
    Sent<H> begin(int length) throws IOException {
        lock.lock();
        try {
            while (true) {
                throwFailure();
                Optional<Way<H>> free = position - safe > LONGEST_SPAN ? Optional.empty() : freest(length);
                if (free.isPresent()) {
                    var write = new Sent<>(free.get(), position, length);
                    write.way.underWay += length;
                    position += length;
                    sent.add(write);
                    return write;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Way<H>> freest(int length) {
        return ways.stream()
                .filter(way -> way.hasRoomFor(length))
                .min(Comparator.comparingLong(way -> way.underWay));
    }

    /**
     * An answer came.
     *
     * @param refusal why the bytes are not written, or not known to be; the file is of no more use then
     */
    void answered(Sent<H> write, Optional<? extends IOException> refusal) {
        lock.lock();
        try {
            write.way.underWay -= write.length;
            write.written = refusal.isEmpty();
            refusal.ifPresent(this::fail);
            while (!sent.isEmpty() && sent.element().written) {
                Sent<H> passed = sent.remove();
                safe = passed.offset + passed.length;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The file is of no more use; the first reason is what counts. */
    void fail(IOException reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Every byte of the file below this offset is acknowledged. */
    long safe() {
        return safe;
    }

    /** Waits until every write is answered, also behind a refused one, and throws the first reason against the file. */
    void awaitAll() throws IOException {
        lock.lock();
        try {
            while (ways.stream().anyMatch(way -> way.underWay > 0)) {
                changed.await();
            }
            throwFailure();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static IOException interrupted(InterruptedException cause) {
        return (IOException) new InterruptedIOException("interrupted while answers were due").initCause(cause);
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }
}
