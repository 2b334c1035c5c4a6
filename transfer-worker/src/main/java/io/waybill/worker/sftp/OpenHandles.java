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
    /** Those who want to be alone, or are: nobody else begins meanwhile. */
    private int aloof;
    /** How many files began to be opened so far, refused ones too. */
    private long begun;

    OpenHandles(ServerFindings findings) {
        this.findings = findings;
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Opening {
        byte[] open() throws TransferException;
    }

    /**
     * The beginning of an opening.
     *
     * @param others files that were open or being opened
     * @param number of openings that began before
     */
    private record Beginning(int others, long number) {}

    /** Opens a file when there may be another one; to be followed by {@link #closed}, unless it fails. */
    byte[] open(Opening opening) throws TransferException {
        Beginning beginning = enter();
        try {
            return opened(opening);
        } catch (TransferException e) {
            if (!isForNumber(e, beginning)) {
                throw e;
            }
        }
        enterAlone();
        try {
            byte[] handle = opened(opening);
            // Who began later may have come to the server earlier, and all those have been open by now.
            findings.allowHandles(Math.max(beginning.others(), findings.provenHandles()));
            return handle;
        } finally {
            endSolitude();
        }
    }

    private boolean isForNumber(TransferException refusal, Beginning beginning) {
        // Apache MINA's server says that there is no room when it means handles.
        boolean vague = refusal.kind() == FailureKind.REMOTE_ERROR || refusal.kind() == FailureKind.DISK_FULL;
        long others = mostOthers(beginning);
        return others > 0
                && vague
                && !(refusal instanceof UnsupportedRequestException)
                && findings.provenHandles() <= others;
    }

    /** Requests come to the server in another order than their openings began in, so the later ones count too. */
    private long mostOthers(Beginning beginning) {
        lock.lock();
        try {
            return beginning.others() + begun - beginning.number() - 1;
        } finally {
            lock.unlock();
        }
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

    private Beginning enter() {
        lock.lock();
        try {
            while (aloof > 0 || taken >= findings.mostHandles()) {
                fewer.awaitUninterruptibly();
            }
            return new Beginning(taken++, begun++);
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
            taken++;
        } finally {
            lock.unlock();
        }
    }

    private void endSolitude() {
        lock.lock();
        try {
            aloof--;
            fewer.signalAll();
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
