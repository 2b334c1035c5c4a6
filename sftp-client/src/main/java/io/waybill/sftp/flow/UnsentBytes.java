package io.waybill.sftp.flow;

import io.waybill.runtime.memory.MemoryBudget;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of one connection for bytes that the network has not taken yet. A small part belongs to the connection alone,
 * so that no other connection can hold it up. It shares the rest with all connections, first come, first served. Any
 * thread.
 */
public final class UnsentBytes {
    /** Enough for two of the largest requests. */
    static final int OWN = 512 << 10;

    /** More memory does not make a connection faster, because the system has buffers of its own. */
    static final int MOST = 4 << 20;

    private final MemoryBudget shared;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();
    private long own = OWN;
    private long borrowed;
    private boolean ended;

    public UnsentBytes(MemoryBudget shared) {
        this.shared = shared;
    }

    /**
     * Waits until there is room for this many bytes. A request larger than the connection's own part fits when nothing else
     * of this connection is unsent.
     */
    public void take(int bytes) throws InterruptedException {
        lock.lock();
        try {
            while (!ended && !fits(bytes)) {
                gone.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(int bytes) {
        if (own >= bytes || own == OWN) {
            own -= bytes;
            return true;
        }
        if (borrowed + bytes <= MOST && shared.take(bytes)) {
            borrowed += bytes;
            return true;
        }
        return false;
    }

    /** The network has taken this many bytes. */
    public void give(int bytes) {
        lock.lock();
        try {
            // Borrowed memory goes back first, so that no other connection waits for memory that this one can do without.
            long back = Math.min(bytes, borrowed);
            borrowed -= back;
            shared.give(back);
            own += bytes - back;
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed: threads no longer wait, and the borrowed memory is free. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            shared.give(borrowed);
            borrowed = 0;
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
