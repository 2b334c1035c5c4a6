package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Brings a file that is being written to the server's disk now and then, without holding the writes up. Asked of every
 * handle that the file is written through: the protocol does not say that one speaks for the others. One thread, but for
 * {@link #safe}.
 */
final class FileSync {
    private final PendingWrites<Stripe> writes;
    private final Runnable unsupported;
    private volatile long safe;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

    /**
     * @param from        how much of the file is on the disk to begin with
     * @param unsupported told when the server cannot do it
     */
    FileSync(long from, PendingWrites<Stripe> writes, Runnable unsupported) {
        this.safe = from;
        this.writes = writes;
        this.unsupported = unsupported;
    }

    /** Up to where the file is on the disk. */
    long safe() {
        return safe;
    }

    /** Asks for what is acknowledged by now, unless an answer is due; returns whether it asked. */
    boolean start() throws IOException {
        if (!underWay.isDone()) {
            return false;
        }
        // Looked at before the requests go out: every write below this offset is done when the server gets them.
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
            // Servers tell of a broken disk once; the next sync may well succeed.
            writes.fail(reason instanceof IOException told ? told : new IOException(reason));
        }
    }

    /** Waits for the last answer; what it was, the writes know. */
    void await() throws IOException {
        underWay.handle((_, _) -> null).join();
        writes.awaitAll();
    }
}
