package io.waybill.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * One open handle of a file, and the channel that the handle belongs to. If the channel belongs to a borrowed connection,
 * every error there is thrown as {@link BorrowedConnectionLostException}. One thread, except {@link #free}.
 */
final class Stripe {
    private final SftpRequests requests;
    private final byte[] handle;
    private final Optional<PooledConnection> borrowed;
    private boolean closing;

    /**
     * @param handle   the handle that the server returned
     * @param borrowed the connection of the channel, if it is borrowed; empty for the file's own connection
     */
    Stripe(SftpRequests requests, byte[] handle, Optional<PooledConnection> borrowed) {
        this.requests = requests;
        this.handle = handle;
        this.borrowed = borrowed;
    }

    /** An answer to wait for, which may be a refusal. */
    @FunctionalInterface
    interface Answer {
        void await() throws IOException;
    }

    /** How many bytes the server accepts over the channel before it answers. */
    long window() {
        return requests.window();
    }

    /** Whether only this file uses the connection. Always true for the file's own connection. */
    boolean free() {
        return borrowed.isEmpty() || borrowed.get().alone();
    }

    /** Sends a part of the file, like {@link SftpRequests#write}. */
    void write(long offset, byte[] bytes, int length, Consumer<Optional<IOException>> answered) throws IOException {
        try {
            requests.write(handle, offset, bytes, length, refusal -> answered.accept(refusal.map(this::told)));
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** Requests a sync of the file to the server's disk. The future fails with the server's refusal. */
    CompletableFuture<Void> sync() throws IOException {
        try {
            return requests.sync(handle).exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                    failure.getCause() instanceof IOException cause ? told(cause) : failure));
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** Requests the same, with an answer to wait for. */
    Answer syncing() {
        return sent(() -> requests.sendExtended(SftpSession.SYNC, handle));
    }

    /** Requests that the server closes the handle. */
    Answer closing() {
        closing = true;
        Answer closed = sent(() -> requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
        return () -> {
            closed.await();
            requests.fileEnded();
        };
    }

    /**
     * Closes the handle unless that was requested before, so that no handle stays open on a connection that is used
     * further. Never fails.
     */
    void giveUp() {
        if (!closing) {
            try {
                closing().await();
            } catch (IOException e) {
                // The handle is gone with the connection, or will be soon.
                return;
            }
        }
    }

    private interface Sending {
        int send() throws IOException;
    }

    /**
     * If the request cannot be sent, the failure is thrown to the thread that waits. So the other stripes are still closed.
     */
    private Answer sent(Sending request) {
        try {
            int number = request.send();
            return () -> awaitOk(number);
        } catch (IOException e) {
            IOException told = told(e);
            return () -> {
                throw told;
            };
        }
    }

    private void awaitOk(int number) throws IOException {
        try {
            requests.awaitOk(number);
        } catch (IOException e) {
            throw told(e);
        }
    }

    private IOException told(IOException failure) {
        if (borrowed.isEmpty() || failure instanceof SftpException || failure instanceof InterruptedIOException) {
            return failure;
        }
        // Some answers are lost now. No later answer on that connection could be trusted.
        borrowed.get().files().close();
        return new BorrowedConnectionLostException(failure);
    }
}
