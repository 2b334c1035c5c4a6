package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Syncs a file that is being written to the server's disk from time to time, without stopping the writes. It sends the sync
 * request over every handle that the file is written through, because the protocol does not say that a sync of one handle
 * covers the others. One thread, except {@link #safe}.
 */
final class FileSync {
    private final PendingWrites<Stripe> writes;
    private final Runnable unsupported;
    private volatile long safe;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

    /**
     * @param from        how much of the file is on the disk at the beginning
     * @param unsupported called if the server does not know the request
     */
    FileSync(long from, PendingWrites<Stripe> writes, Runnable unsupported) {
        this.safe = from;
        this.writes = writes;
        this.unsupported = unsupported;
    }

    /** The offset up to which the file is on the disk. */
    long safe() {
        return safe;
    }

    /**
     * Requests a sync of what is acknowledged now, unless an earlier request is unanswered. Returns whether it sent a
     * request.
     */
    boolean start() throws IOException {
        if (!underWay.isDone()) {
            return false;
        }
        // Read before the requests go out: the server has done every write below this offset when it gets the requests.
        long acknowledged = writes.safe();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Stripe stripe : writes.handles()) {
            all.add(stripe.sync());
        }
        underWay = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        safe = acknowledged;
                    } else {
                        failed(Optional.ofNullable(failure.getCause()).orElse(failure));
                    }
                });
        return true;
    }

    private void failed(Throwable reason) {
        if (reason instanceof SftpException refusal && refusal.getStatus() == SftpConstants.SSH_FX_OP_UNSUPPORTED) {
            unsupported.run();
        } else {
            // A server reports a broken disk once; the next sync may succeed.
            writes.fail(reason instanceof IOException told ? told : new IOException(reason));
        }
    }

    /** Waits for the last answer. If it was a refusal, {@link PendingWrites} throws it. */
    void await() throws IOException {
        underWay.handle((_, _) -> null).join();
        writes.awaitAll();
    }
}
