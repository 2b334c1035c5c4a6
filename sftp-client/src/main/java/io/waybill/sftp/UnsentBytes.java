package io.waybill.sftp;

import io.waybill.runtime.memory.MemoryBudget;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of one connection for what the network has not taken yet. A little is its own, so that no other connection
 * can hold it up; the rest it shares with all of them, first come, first served. Any thread.
 */
final class UnsentBytes {
    /** Two of the largest requests. */
    static final int OWN = 512 << 10;

    /** More does not make a connection faster: the system has buffers of its own. */
    static final int MOST = 4 << 20;

    private final MemoryBudget shared;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();
    private long own = OWN;
    private long borrowed;
    private boolean ended;

    UnsentBytes(MemoryBudget shared) {
        this.shared = shared;
    }

    /** Waits until there is room for so many bytes. More than the connection's own finds room when nothing else is there. */
    void take(int bytes) throws InterruptedException {
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

    /** So many bytes are with the network. */
    void give(int bytes) {
        lock.lock();
        try {
            // What is borrowed goes back first, so that nobody waits for what this connection could do without.
            long back = Math.min(bytes, borrowed);
            borrowed -= back;
            shared.give(back);
            own += bytes - back;
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed: nobody waits any more, and what it had borrowed is free. */
    void end() {
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
