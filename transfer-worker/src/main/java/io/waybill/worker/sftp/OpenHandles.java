package io.waybill.worker.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.worker.TransferException;
import io.waybill.worker.UnsupportedRequestException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files that are open over one connection. Servers allow a number of them, some only one, and say no more than that
 * another failed. Whoever is refused while more are open than ever were opened before asks again when no other is; if that
 * helps, it was the number, and the destination is remembered to allow fewer. Any thread.
 */
final class OpenHandles {
    private final ServerFindings findings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    /** Files that are open or being opened. */
    private int taken;
    private int open;
    /** Those who want to be alone: nobody else begins meanwhile. */
    private int aloof;

    OpenHandles(ServerFindings findings) {
        this.findings = findings;
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Opening {
        byte[] open() throws TransferException;
    }

    /** Opens a file when there may be another one; to be followed by {@link #closed}, unless it fails. */
    byte[] open(Opening opening) throws TransferException {
        int others = enter();
        try {
            return opened(opening);
        } catch (TransferException e) {
            if (!isForNumber(e, others)) {
                throw e;
            }
        }
        enterAlone();
        byte[] handle = opened(opening);
        findings.allowHandles(others);
        return handle;
    }

    private boolean isForNumber(TransferException refusal, int others) {
        // Apache MINA's server says that there is no room when it means handles.
        boolean vague = refusal.kind() == FailureKind.REMOTE_ERROR || refusal.kind() == FailureKind.DISK_FULL;
        return others > 0
                && vague
                && !(refusal instanceof UnsupportedRequestException)
                && findings.provenHandles() <= others;
    }

    private byte[] opened(Opening opening) throws TransferException {
        boolean done = false;
        try {
            byte[] handle = opening.open();
            done = true;
            lock.lock();
            try {
                findings.proveHandles(++open);
            } finally {
                lock.unlock();
            }
            return handle;
        } finally {
            if (!done) {
                leave(0);
            }
        }
    }

    /** A file that was open is not any more. */
    void closed() {
        leave(1);
    }

    private int enter() {
        lock.lock();
        try {
            while (aloof > 0 || taken >= findings.mostHandles()) {
                fewer.awaitUninterruptibly();
            }
            return taken++;
        } finally {
            lock.unlock();
        }
    }

    private void enterAlone() {
        lock.lock();
        try {
            aloof++;
            while (taken > 0) {
                fewer.awaitUninterruptibly();
            }
            aloof--;
            taken++;
        } finally {
            lock.unlock();
        }
    }

    private void leave(int closed) {
        lock.lock();
        try {
            taken--;
            open -= closed;
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
