package io.waybill.worker.sftp;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * The writes to one file that are under way, and how far the file is safe. Servers may answer in any order; the offset
 * moves only over answers in the order of sending, and never again once one write was refused. One thread, but for
 * {@link #safe}.
 */
final class PendingWrites {
    private final Deque<Sent> sent = new ArrayDeque<>();
    private volatile long safe;
    private boolean gap;

    PendingWrites(long from) {
        this.safe = from;
    }

    private record Sent(int request, long end) {}

    /**
     * A write is under way.
     *
     * @param end the offset behind its last byte
     */
    void add(int request, long end) {
        sent.add(new Sent(request, end));
    }

    /** Every byte of the file below this offset is acknowledged. */
    long safe() {
        return safe;
    }

    /** Takes the answers that are here, as far as they are in order. */
    void take(SftpRequests requests) throws IOException {
        while (!sent.isEmpty()) {
            try {
                if (!requests.tryOk(sent.element().request())) {
                    return;
                }
            } catch (IOException e) {
                sent.remove();
                gap = true;
                throw e;
            }
            passed(sent.remove());
        }
    }

    /** Waits for answers, the oldest first, until no more than so many writes are under way. */
    void awaitAllBut(int most, SftpRequests requests) throws IOException {
        while (sent.size() > most) {
            Sent oldest = sent.remove();
            try {
                requests.awaitOk(oldest.request());
            } catch (IOException e) {
                gap = true;
                throw e;
            }
            passed(oldest);
        }
    }

    /** Waits for every answer, also behind a refused write. */
    void awaitAll(SftpRequests requests) throws IOException {
        @Nullable SftpException first = null;
        while (!sent.isEmpty()) {
            try {
                awaitAllBut(0, requests);
            } catch (SftpException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void passed(Sent write) {
        if (!gap) {
            safe = write.end();
        }
    }
}
