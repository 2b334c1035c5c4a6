package io.waybill.sftp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that one file has borrowed. To borrow takes long, and may be done only when the file has come to its end;
 * the file does not wait for that, only for what is being opened. Any thread.
 */
final class BorrowedConnections {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nobodyBusy = lock.newCondition();
    private final List<PooledConnection> held = new ArrayList<>();
    private int busy;
    private boolean over;

    /**
     * Keeps a connection, and the file from ending until {@link #done}.
     *
     * @return false if the file has come to its end; it is given back then
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

    /** What the connection was borrowed for is done. */
    void done() {
        lock.lock();
        try {
            busy--;
            nobodyBusy.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is begun from now on; returns when everything begun is done. */
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

    /** Gives everything back, also what comes later. */
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
