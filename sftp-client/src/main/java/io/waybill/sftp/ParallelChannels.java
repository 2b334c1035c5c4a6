package io.waybill.sftp;

import io.waybill.sftp.PendingWrites.Way;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * Opens further channels for a file that is being written, on its own connection and on borrowed ones. It uses threads of
 * its own, so that the writes do not wait. A channel that cannot be opened is no failure. One thread uses this object.
 */
final class ParallelChannels {
    private final SftpSession own;
    private final Channels channels;
    private final SpareConnections spare;
    private final byte[] path;
    private final byte[] probe;
    private final boolean allowed;
    private final BorrowedConnections borrowedConnections = new BorrowedConnections();
    private @Nullable Thread thread;
    private boolean borrows;

    /**
     * @param own     the file's own connection
     * @param path    path of the file, which exists
     * @param probe   a name that nobody else uses
     * @param allowed whether the bytes of the file may be written in any order
     */
    ParallelChannels(SftpSession own, SpareConnections spare, byte[] path, byte[] probe, boolean allowed) {
        this.own = own;
        this.channels = own.channels();
        this.spare = spare;
        this.path = path;
        this.probe = probe;
        this.allowed = allowed;
    }

    /** How many bytes may be under way over a channel. */
    long window(SftpRequests channel) {
        return channels.window(channel, allowed);
    }

    /** Begins to add channels to the writes, once of each kind, if {@code sent} shows that the file is large. */
    void begin(PendingWrites<Stripe> writes, long sent) {
        if (sent >= Channels.LARGE_FOR_OTHERS) {
            borrow(writes);
        }
        if (thread == null && allowed && sent >= channels.large() && channels.worthwhile() > 1) {
            thread = Thread.ofVirtual().name("sftp-parallel-channels").start(() -> addChannels(writes));
        }
    }

    private void addChannels(PendingWrites<Stripe> writes) {
        Optional<SftpRequests> second = channels.get(1);
        if (second.isPresent() && channels.proven(second.get(), probe)) {
            addWays(channels, IntStream.range(1, channels.worthwhile()), Optional.empty(), writes);
        }
    }

    private void borrow(PendingWrites<Stripe> writes) {
        if (!borrows && allowed && channels.connections() > 1) {
            borrows = true;
            Thread.ofVirtual().name("sftp-borrowing").start(() -> {
                boolean more = true;
                for (int i = 1; more && i < channels.connections(); i++) {
                    more = spare.lend().filter(connection -> addWays(connection, writes)).isPresent();
                }
            });
        }
    }

    private boolean addWays(PooledConnection connection, PendingWrites<Stripe> writes) {
        if (!borrowedConnections.begin(connection)) {
            return false;
        }
        try {
            // Another machine behind the same name may not have the file. Machines with the same host key probably share
            // their files.
            if (connection.files() instanceof SftpSession other && other != own
                    && other.hostKey().equals(own.hostKey())) {
                addWays(other.channels(), other.channels().forGuests(), Optional.of(connection), writes);
            }
            return true;
        } finally {
            borrowedConnections.done();
        }
    }

    private void addWays(
            Channels of, IntStream numbers, Optional<PooledConnection> borrowed, PendingWrites<Stripe> writes) {
        List<Thread> threads = new ArrayList<>();
        numbers.forEach(number -> threads.add(Thread.ofVirtual()
                .name("sftp-channel-" + number)
                .start(() -> of.get(number).ifPresent(channel -> addWay(channel, borrowed, writes)))));
        try {
            for (Thread each : threads) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void addWay(SftpRequests channel, Optional<PooledConnection> borrowed, PendingWrites<Stripe> writes) {
        // On the file's own connection, the caller has already run this trial.
        if (borrowed.isPresent() && !channels.proven(channel, probe)) {
            return;
        }
        try {
            byte[] handle = channel.awaitHandle(channel.open(path, SftpConstants.SSH_FXF_WRITE));
            var stripe = new Stripe(channel, handle, borrowed);
            if (!writes.join(new Way<>(stripe, stripe.window(), stripe::free))) {
                // The file has ended meanwhile, and may be renamed as soon as the server answers this.
                stripe.closing().await();
            }
        } catch (IOException e) {
            if (borrowed.isEmpty()) {
                channels.refused(e);
            }
        }
    }

    /** Returns when nothing is being opened any more, and every handle that was opened too late is closed. */
    void end() throws IOException {
        try {
            if (thread != null) {
                thread.join();
            }
            borrowedConnections.end();
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("interrupted while files were opened").initCause(e);
        }
    }

    /** Gives the borrowed connections back. */
    void giveBack() {
        borrowedConnections.giveBack();
    }
}
