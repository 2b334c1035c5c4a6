package io.waybill.sftp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that one file has borrowed. To borrow takes long, and may be done only when the file has come to its end;
 * the file does not wait for that, only for what is being opened. Any thread.
 */
final class Loans {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nobodyBusy = lock.newCondition();
    private final List<Loan> held = new ArrayList<>();
    private int busy;
    private boolean over;

    /**
     * Keeps a loan, and the file from ending until {@link #done}.
     *
     * @return false if the file has come to its end; the loan is closed then
     */
    boolean begin(Loan loan) {
        lock.lock();
        try {
            if (!over) {
                held.add(loan);
                busy++;
                return true;
            }
        } finally {
            lock.unlock();
        }
        loan.close();
        return false;
    }

    /** What the loan was begun for is done. */
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
        List<Loan> all;
        lock.lock();
        try {
            over = true;
            all = List.copyOf(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(Loan::close);
    }
}
