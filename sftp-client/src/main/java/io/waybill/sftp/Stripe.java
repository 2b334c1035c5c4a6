package io.waybill.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * One open handle of a file, and the channel it belongs to. Where that is of a borrowed connection, whatever breaks there is
 * thrown as {@link BorrowedConnectionLostException}. One thread, but for {@link #free}.
 */
final class Stripe {
    private final SftpRequests requests;
    private final byte[] handle;
    private final Optional<PooledConnection> borrowed;
    private boolean closing;

    /**
     * @param handle   as the server gave it
     * @param borrowed whose connection the channel belongs to; empty for the file's own
     */
    Stripe(SftpRequests requests, byte[] handle, Optional<PooledConnection> borrowed) {
        this.requests = requests;
        this.handle = handle;
        this.borrowed = borrowed;
    }

    /** Something to wait for, which may turn out to be a refusal. */
    @FunctionalInterface
    interface Answer {
        void await() throws IOException;
    }

    /** How many bytes the server takes over the channel before it answers. */
    long window() {
        return requests.window();
    }

    /** Whether nobody but the file has use for the connection; of its own one it is always true. */
    boolean free() {
        return borrowed.isEmpty() || borrowed.get().alone();
    }

    /** Sends a part of the file, as {@link SftpRequests#write} does. */
    void write(long offset, byte[] bytes, int length, Consumer<Optional<IOException>> answered) throws IOException {
        try {
            requests.write(handle, offset, bytes, length, refusal -> answered.accept(refusal.map(this::told)));
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** Asks for the file to be brought to the disk; fails with what the server refused it with. */
    CompletableFuture<Void> sync() throws IOException {
        try {
            return requests.sync(handle).exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                    failure.getCause() instanceof IOException cause ? told(cause) : failure));
        } catch (IOException e) {
            throw told(e);
        }
    }

    /** Asks for the same, to be waited for. */
    Answer syncing() {
        return sent(() -> requests.sendExtended(SftpSession.SYNC, handle));
    }

    /** Asks for the handle to be closed. */
    Answer closing() {
        closing = true;
        Answer closed = sent(() -> requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
        return () -> {
            closed.await();
            requests.fileEnded();
        };
    }

    /** Leaves no handle behind on a connection that goes on, unless it was asked to be closed before. Never fails. */
    void giveUp() {
        if (!closing) {
            try {
                closing().await();
            } catch (IOException e) {
                // The handle is gone with the connection, or soon will be.
                return;
            }
        }
    }

    private interface Sending {
        int send() throws IOException;
    }

    /** What cannot be sent is told to who waits, so that the other stripes are not forgotten. */
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
        // Some answers are lost now, and so nobody can trust what follows on that connection.
        borrowed.get().files().close();
        return new BorrowedConnectionLostException(failure);
    }
}
