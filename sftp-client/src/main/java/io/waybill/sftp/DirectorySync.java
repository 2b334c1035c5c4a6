package io.waybill.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Syncs directories to the server's disk. {@code fsync} of a directory needs a handle from OPEN, not from OPENDIR. It
 * covers every change that was made before the request. Therefore threads that wait for the same directory share the next
 * sync, and one handle stays open for each of the first few directories. On a long line no thread waits for another
 * thread's sync to return first.
 */
final class DirectorySync {
    /** Servers limit the open handles of a connection, some to a few dozen. */
    private static final int MOST_HANDLES = 8;

    /** From this round trip on, a round trip takes longer than a sync. */
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

        /**
         * Written under the lock and read without it. A thread that waited for the lock in order to look would miss the
         * sync that it could share.
         */
        private volatile byte[] handle = {};

        Directory(byte[] path) {
            this.path = path;
        }

        void sync() throws IOException {
            if (roundTrip.get().compareTo(LONG_LINE) >= 0) {
                syncAlone();
            } else {
                syncTogether();
            }
        }

        @SuppressWarnings("ReferenceEquality") // whether it is the same handle, not one of the same bytes
        private void syncAlone() throws IOException {
            byte[] kept = handle;
            if (isSyncedBy(kept)) {
                return;
            }
            turn.lock();
            try {
                // Another thread may have opened a new handle meanwhile.
                if (handle == kept || !isSyncedBy(handle)) {
                    syncAnew();
                }
            } finally {
                turn.unlock();
            }
        }

        private void syncTogether() throws IOException {
            // A sync that has already begun may miss this thread's change. The sync after it cannot.
            long enough = started.get() + 1;
            turn.lock();
            try {
                if (finished >= enough) {
                    return;
                }
                long number = started.incrementAndGet();
                if (!isSyncedBy(handle)) {
                    syncAnew();
                }
                finished = number;
            } finally {
                turn.unlock();
            }
        }

        /**
         * Syncs by a handle, and says whether the sync counts. It does not count if the server refuses it, or if
         * another directory has the name by now. If a partner moves a full directory away and makes it again, the
         * handle stays with the directory that was moved. Its sync succeeds and is useless. The two directories differ
         * in the time of their last change.
         */
        private boolean isSyncedBy(byte[] kept) throws IOException {
            if (kept.length == 0) {
                return false;
            }
            int synced = requests.sendExtended(SftpSession.SYNC, kept);
            int held = requests.send(SftpConstants.SSH_FXP_FSTAT, kept);
            int named = requests.send(SftpConstants.SSH_FXP_STAT, path);
            boolean done = succeeds(synced);
            Optional<RemoteStat> ofHandle = told(held);
            Optional<RemoteStat> ofName = told(named);
            return done && ofHandle.isPresent() && ofHandle.equals(ofName);
        }

        private void syncAnew() throws IOException {
            byte[] old = handle;
            handle = new byte[0];
            if (old.length > 0) {
                // If the server no longer knows the handle, it has closed it.
                var _ = succeeds(requests.send(SftpConstants.SSH_FXP_CLOSE, old));
            }
            byte[] opened = open(path);
            handle = opened;
            requests.awaitOk(requests.sendExtended(SftpSession.SYNC, opened));
        }
    }

    private boolean succeeds(int request) throws IOException {
        try {
            requests.awaitOk(request);
            return true;
        } catch (SftpException e) {
            return false;
        }
    }

    private Optional<RemoteStat> told(int request) throws IOException {
        try {
            return Optional.of(requests.awaitStat(request)).filter(stat -> stat.modified().isPresent());
        } catch (SftpException e) {
            return Optional.empty();
        }
    }
}
