package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files that are open over one connection. A server limits their number, some to one, and reports only a failure when
 * another file is opened. If a server refuses to open a file while more files are open than were ever open before, the same
 * thread tries again when no other file is open. If that works, the number was the reason, and the worker remembers that
 * the destination allows fewer. Any thread.
 */
final class OpenHandles {
    private final ServerFindings findings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    /** Files that are open or being opened. */
    private int taken;
    private int open;
    /** Threads that wait to open a file alone, or do so now. Meanwhile no other thread begins to open one. */
    private int aloof;
    private final Set<Attempt> attempts = new HashSet<>();

    OpenHandles(ServerFindings findings) {
        this.findings = findings;
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Opening {
        byte[] open() throws TransferException;
    }

    /** One opening, while others may be under way. */
    private static final class Attempt {
        /** Files that were open or being opened when this opening began. */
        private final int others;
        /**
         * The most of them at one time since then; the server may get requests in another order than the openings began in.
         */
        private int mostOthers;

        private Attempt(int others) {
            this.others = others;
            this.mostOthers = others;
        }
    }

    /**
     * Opens a file when the server may allow another one. The caller must call {@link #closed} later, unless this fails.
     */
    byte[] open(Opening opening) throws TransferException {
        Attempt attempt = enter();
        try {
            return opened(opening);
        } catch (TransferException e) {
            if (!isForNumber(e, mostOthers(attempt))) {
                throw e;
            }
        } finally {
            end(attempt);
        }
        enterAlone();
        try {
            byte[] handle = opened(opening);
            // A later opening may have reached the server earlier. All those files have been open by now.
            findings.allowHandles(Math.max(attempt.others, findings.provenHandles()));
            return handle;
        } finally {
            endSolitude();
        }
    }

    private boolean isForNumber(TransferException refusal, int others) {
        // Apache MINA's server reports that there is no room when it means handles.
        boolean vague = refusal.kind() == FailureKind.REMOTE_ERROR || refusal.kind() == FailureKind.DISK_FULL;
        return others > 0
                && vague
                && !(refusal instanceof UnsupportedRequestException)
                && findings.provenHandles() <= others;
    }

    private int mostOthers(Attempt attempt) {
        lock.lock();
        try {
            return attempt.mostOthers;
        } finally {
            lock.unlock();
        }
    }

    private void end(Attempt attempt) {
        lock.lock();
        try {
            attempts.remove(attempt);
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

    /** A file that was open is closed. */
    void closed() {
        leave(1);
    }

    private Attempt enter() {
        lock.lock();
        try {
            while (aloof > 0 || taken >= findings.mostHandles()) {
                fewer.awaitUninterruptibly();
            }
            for (Attempt earlier : attempts) {
                earlier.mostOthers = Math.max(earlier.mostOthers, taken);
            }
            var attempt = new Attempt(taken++);
            attempts.add(attempt);
            return attempt;
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
