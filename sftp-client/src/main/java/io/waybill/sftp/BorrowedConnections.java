package io.waybill.sftp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that one file has borrowed. Borrowing takes long, and may finish only after the file has ended. The file
 * does not wait for a borrowing; it waits only for channels that are being opened. Any thread.
 */
final class BorrowedConnections {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nobodyBusy = lock.newCondition();
    private final List<PooledConnection> held = new ArrayList<>();
    private int busy;
    private boolean over;

    /**
     * Keeps a connection. The file cannot end until {@link #done} is called.
     *
     * @return false if the file has already ended; then this method gives the connection back
     */
    boolean begin(PooledConnection connection) {
        lock.lock();
        try {
            if (!over) {
                held.add(connection);
                busy++;
                return true;
            }
        } finally {
            lock.unlock();
        }
        connection.close();
        return false;
    }

    /** The caller of {@link #begin} has finished its work with the connection. */
    void done() {
        lock.lock();
        try {
            busy--;
            nobodyBusy.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new connections from now on. Returns when all work that has begun is done. */
    void end() throws InterruptedException {
        lock.lock();
        try {
            over = true;
            while (busy > 0) {
                nobodyBusy.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives all connections back, including those that come later. */
    void giveBack() {
        List<PooledConnection> all;
        lock.lock();
        try {
            over = true;
            all = List.copyOf(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(PooledConnection::close);
    }
}
