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
 * The writes to one file that are under way, over one or several ways, and the offset up to which the file is safe. Answers
 * may come in any order and from any way. The safe offset advances over writes that are answered without a gap. It never
 * passes a write that was refused, whatever is answered behind it. One thread writes; any thread may report answers, add
 * ways and read.
 *
 * @param <H> the handle that a write goes through
 */
final class PendingWrites<H> {
    /**
     * How far a file may be written beyond the safe offset. The limit makes a way that does not answer noticeable, and
     * keeps small what a resumed upload repeats.
     */
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

        /** A way that may always be used. */
        Way(H handle, long most) {
            this(handle, most, () -> true);
        }

        /**
         * @param most how many bytes may be under way over it; a single write is always allowed, whatever its length
         * @param open whether the way may be used now; at least one way of a file is always open
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
     * Adds another way.
     *
     * @return false if the file has no more writes
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

    /**
     * Declares that there are no more writes; no way can join from now on. Returns the handles that the file was written
     * through.
     */
    List<H> complete() {
        lock.lock();
        try {
            complete = true;
            return ways.stream().map(way -> way.handle).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The handles that the file is written through at this moment. */
    List<H> handles() {
        lock.lock();
        try {
            return ways.stream().map(way -> way.handle).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until one of the ways has room. Then begins a write of the next bytes over the way that has the most room. */
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
     * Takes the answer to a write.
     *
     * @param refusal why the bytes are not written, or not known to be written; then the file can no longer be written
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

    /** Declares that the file can no longer be written. Only the first reason counts. */
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

    /** The offset below which every byte of the file is acknowledged. */
    long safe() {
        return safe;
    }

    /**
     * Waits until every write is answered, also the writes behind a refused one. Then throws the first failure of the file.
     */
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
