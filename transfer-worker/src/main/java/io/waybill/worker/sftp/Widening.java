package io.waybill.worker.sftp;

import io.waybill.worker.sftp.PendingWrites.Way;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;

/**
 * Opens a file that is being written over further channels of its connection, in threads of its own, so that the writes
 * need not wait for it. A way that is not to be had is no failure. One thread uses it.
 */
final class Widening {
    private final Channels channels;
    private final byte[] path;
    private final byte[] probe;
    private final boolean allowed;
    private @Nullable Thread thread;

    /**
     * @param path    of the file, which exists
     * @param probe   a name that nobody else has
     * @param allowed whether the file may be written in any order
     */
    Widening(Channels channels, byte[] path, byte[] probe, boolean allowed) {
        this.channels = channels;
        this.path = path;
        this.probe = probe;
        this.allowed = allowed;
    }

    /** How many bytes may be under way over a stripe. */
    long window(Stripe stripe) {
        return channels.window(stripe.requests(), allowed);
    }

    /**
     * Begins to add ways to the writes, once, if so much was sent that the file is large.
     */
    void begin(PendingWrites<Stripe> writes, long sent) {
        if (thread == null && allowed && sent >= channels.large() && channels.worthwhile() > 1) {
            thread = Thread.ofVirtual().name("sftp-widening").start(() -> widen(writes));
        }
    }

    private void widen(PendingWrites<Stripe> writes) {
        if (!channels.proven(probe)) {
            return;
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < channels.worthwhile(); i++) {
            int number = i;
            threads.add(Thread.ofVirtual().name("sftp-channel-" + i).start(() -> addWay(number, writes)));
        }
        try {
            for (Thread each : threads) {
                each.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void addWay(int number, PendingWrites<Stripe> writes) {
        Optional<SftpRequests> channel = channels.get(number);
        if (channel.isEmpty()) {
            return;
        }
        SftpRequests requests = channel.get();
        try {
            byte[] handle = requests.awaitHandle(requests.open(path, SftpConstants.SSH_FXF_WRITE));
            var stripe = new Stripe(requests, handle);
            if (!writes.join(new Way<>(stripe, window(stripe)))) {
                // The file has come to its end meanwhile, and may be renamed as soon as this is answered.
                requests.awaitOk(requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
            }
        } catch (IOException e) {
            channels.refused(e);
        }
    }

    /** Returns when nothing is opened any more, and what was opened too late is closed. */
    void end() throws IOException {
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw (IOException) new InterruptedIOException("interrupted while files were opened").initCause(e);
            }
        }
    }
}
