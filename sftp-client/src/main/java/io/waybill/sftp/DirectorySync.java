package io.waybill.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Brings names to the disk. {@code fsync} of a directory works on a handle that OPEN gave, not OPENDIR, and covers every
 * change made before it was asked for: so threads that wait for one directory share the next sync, and a handle is kept
 * for each of the first few directories. Over a long line nobody waits for another's sync to come back first.
 */
final class DirectorySync {
    /** Servers limit the open handles of a connection, some to a few dozen. */
    private static final int MOST_HANDLES = 8;

    /** From here on a round trip takes longer than a sync. */
    private static final Duration LONG_LINE = Duration.ofMillis(5);

    private final SftpRequests requests;
    private final Supplier<Duration> roundTrip;
    private final Map<ByteBuffer, Directory> directories = new ConcurrentHashMap<>();

    DirectorySync(SftpRequests requests, Supplier<Duration> roundTrip) {
        this.requests = requests;
        this.roundTrip = roundTrip;
    }

    /** Returns when every change to the directory that was acknowledged before the call is on disk. */
    void sync(byte[] path) throws IOException {
        var key = ByteBuffer.wrap(path);
        Directory kept = directories.get(key);
        if (kept == null && directories.size() < MOST_HANDLES) {
            kept = directories.computeIfAbsent(key, _ -> new Directory(path));
        }
        if (kept != null) {
            kept.sync();
            return;
        }
        byte[] handle = open(path);
        int synced = requests.sendExtended(SftpSession.SYNC, handle);
        int closed = requests.send(SftpConstants.SSH_FXP_CLOSE, handle);
        try {
            requests.awaitOk(synced);
        } finally {
            requests.awaitOk(closed);
        }
    }

    private byte[] open(byte[] path) throws IOException {
        return requests.awaitHandle(requests.open(path, SftpConstants.SSH_FXF_READ));
    }

    private final class Directory {
        private final byte[] path;
        private final ReentrantLock turn = new ReentrantLock();
        private final AtomicLong started = new AtomicLong();
        private long finished;

        /** Changed under the lock, and read without it: who waits for the lock to look misses the sync that he could share. */
        private volatile byte[] handle = {};

        Directory(byte[] path) {
            this.path = path;
        }

        void sync() throws IOException {
            boolean kept = handle.length > 0;
            try {
                syncOnce();
            } catch (SftpException e) {
                if (!kept) {
                    throw e;
                }
                // Somebody may have made the directory anew since the handle was opened; a new handle decides.
                forget();
                syncOnce();
            }
        }

        private void syncOnce() throws IOException {
            if (roundTrip.get().compareTo(LONG_LINE) >= 0) {
                requests.awaitOk(requests.sendExtended(SftpSession.SYNC, opened()));
            } else {
                syncTogether();
            }
        }

        private void forget() throws IOException {
            turn.lock();
            try {
                if (handle.length > 0) {
                    int closed = requests.send(SftpConstants.SSH_FXP_CLOSE, handle);
                    handle = new byte[0];
                    requests.awaitOk(closed);
                }
            } catch (SftpException e) {
                // The server does not know it any more.
            } finally {
                turn.unlock();
            }
        }

        private byte[] opened() throws IOException {
            turn.lock();
            try {
                if (handle.length == 0) {
                    handle = open(path);
                }
                return handle;
            } finally {
                turn.unlock();
            }
        }

        private void syncTogether() throws IOException {
            // A sync that has begun may miss our change; the one after it cannot.
            long enough = started.get() + 1;
            turn.lock();
            try {
                if (finished >= enough) {
                    return;
                }
                byte[] target = opened();
                long number = started.incrementAndGet();
                requests.awaitOk(requests.sendExtended(SftpSession.SYNC, target));
                finished = number;
            } finally {
                turn.unlock();
            }
        }
    }
}
