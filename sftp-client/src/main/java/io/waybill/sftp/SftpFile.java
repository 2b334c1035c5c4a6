package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.PendingWrites.Sent;
import io.waybill.sftp.PendingWrites.Way;
import io.waybill.sftp.Stripe.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * A file that is being written, with a limited number of writes under way. The writes go over the connection's first
 * channel. If the file turns out to be large and the line to be long, they also go over further channels and over other
 * connections.
 */
final class SftpFile implements RemoteFile {
    private final SftpSession session;
    private final RemotePath path;
    private final int chunkSize;
    private final SftpRequests first;
    private final PendingWrites<Stripe> writes;
    private final ParallelChannels parallel;
    private final FileSync sync;
    private final Optional<RemoteStat> target;
    private final AtomicBoolean refused = new AtomicBoolean();
    private long written;
    private boolean open = true;

    /**
     * @param first    the first channel of the connection
     * @param handle   the file's handle on that channel
     * @param parallel may add further ways for the file's writes
     * @param target   what had the file's later name when it was opened
     */
    SftpFile(
            SftpSession session,
            RemotePath path,
            SftpRequests first,
            byte[] handle,
            long from,
            int chunkSize,
            ParallelChannels parallel,
            Optional<RemoteStat> target) {
        this.session = session;
        this.path = path;
        this.first = first;
        this.chunkSize = chunkSize;
        this.parallel = parallel;
        this.target = target;
        this.writes = new PendingWrites<>(from,
                new Way<>(new Stripe(first, handle, Optional.empty()), parallel.window(first)));
        this.sync = new FileSync(from, writes, () -> session.disprove(Capability.SYNC));
    }

    @Override
    public Optional<RemoteStat> target() {
        return target;
    }

    @Override
    public int chunkSize() {
        return chunkSize;
    }

    @Override
    public void write(byte[] bytes, int length) throws TransferException {
        if (length < 1 || length > chunkSize) {
            throw new IllegalArgumentException("a write carries 1 to " + chunkSize + " bytes, not " + length);
        }
        awaitAllowance(length);
        session.ask("write to", path, _ -> {
            Sent<Stripe> write = writes.begin(length);
            try {
                write.handle().write(write.offset(), bytes, length, refusal -> answered(write, refusal));
            } catch (IOException e) {
                writes.answered(write, Optional.of(e));
                throw e;
            }
            written += length;
            parallel.begin(writes, written);
            return path;
        });
    }

    private void awaitAllowance(int bytes) throws TransferException {
        try {
            session.limit().await(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransferException(FailureKind.CONNECTION_LOST, "interrupted while nothing might be sent", e);
        }
    }

    private void answered(Sent<Stripe> write, Optional<IOException> refusal) {
        writes.answered(write, refusal);
        boolean byServer = refusal.isPresent() && refusal.get() instanceof SftpException;
        if (byServer && writes.handles().size() > 1 && refused.compareAndSet(false, true)) {
            // The server may take bytes only in order, whatever its trial showed. But it may also be a full disk, which
            // refuses all writes under way at once. Therefore each file counts only once.
            session.stripeRefused();
        }
    }

    @Override
    public long acknowledged() {
        return writes.safe();
    }

    @Override
    public void startSync() throws TransferException {
        if (syncs()) {
            session.ask("sync", path, _ -> sync.start());
        }
    }

    @Override
    public long synced() {
        return sync.safe();
    }

    @Override
    public boolean syncs() {
        return session.capabilities().contains(Capability.SYNC);
    }

    @Override
    public RemoteStat finish() throws TransferException {
        open = false;
        try {
            return finished();
        } finally {
            leave();
        }
    }

    private RemoteStat finished() throws TransferException {
        return session.ask("finish", path, _ -> {
            List<Stripe> stripes = endOfWrites();
            // A channel keeps the order of its requests. So with one channel, all requests are sent before any answer is
            // awaited. But a channel does not know the requests of other channels.
            Optional<IOException> ofWrites = stripes.size() == 1 ? Optional.empty() : refusal(writes::awaitAll);
            List<Answer> answers = new ArrayList<>();
            for (Stripe stripe : stripes) {
                if (syncs()) {
                    Answer synced = stripe.syncing();
                    answers.add(() -> awaitSynced(synced));
                }
                answers.add(stripe.closing());
            }
            if (stripes.size() > 1) {
                Optional<IOException> ofClosing = firstRefusal(answers);
                ofWrites = ofWrites.or(() -> ofClosing);
                answers.clear();
            }
            int stat = first.send(SftpConstants.SSH_FXP_STAT, session.encoded(path));
            // The name exists since the file was opened, so its directory is synced at the same time as the file.
            session.syncNameOf(path);
            Optional<IOException> ofAll =
                    ofWrites.or(() -> refusal(writes::awaitAll)).or(() -> refusal(sync::await));
            Optional<IOException> ofAnswers = firstRefusal(answers);
            RemoteStat told = told(first, stat);
            Optional<IOException> reason = ofAll.or(() -> ofAnswers);
            if (reason.isPresent()) {
                throw reason.get();
            }
            return told;
        });
    }

    private List<Stripe> endOfWrites() throws IOException {
        List<Stripe> stripes = writes.complete();
        parallel.end();
        return stripes;
    }

    private static Optional<IOException> refusal(Answer answer) {
        try {
            answer.await();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** Waits for all answers, also after a refusal: an answer stays in memory until somebody takes it. */
    private static Optional<IOException> firstRefusal(List<Answer> answers) {
        return answers.stream().map(SftpFile::refusal).toList().stream().flatMap(Optional::stream).findFirst();
    }

    private void awaitSynced(Answer synced) throws IOException {
        try {
            synced.await();
        } catch (SftpException e) {
            if (e.getStatus() != SftpConstants.SSH_FX_OP_UNSUPPORTED) {
                throw e;
            }
            session.disprove(Capability.SYNC);
        }
    }

    /** A refused STAT is no failure. It only makes the proof weaker. */
    private static RemoteStat told(SftpRequests requests, int stat) throws IOException {
        try {
            return requests.awaitStat(stat);
        } catch (SftpException e) {
            return RemoteStat.UNTOLD;
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            giveUp();
            leave();
        }
    }

    /** The file is closed, or lost with its connection. The other connections that it used stay open. */
    private void leave() {
        try {
            endOfWrites().forEach(Stripe::giveUp);
        } catch (IOException e) {
            // Interrupted. The threads that are still opening handles close them.
            Thread.currentThread().interrupt();
        } finally {
            parallel.giveBack();
            session.closed();
        }
    }

    private void giveUp() {
        if (session.isOpen()) {
            try {
                session.ask("close", path, _ -> {
                    List<Answer> answers = new ArrayList<>();
                    for (Stripe stripe : endOfWrites()) {
                        answers.add(stripe.closing());
                    }
                    Optional<IOException> ofWrites = refusal(writes::awaitAll);
                    Optional<IOException> ofClosing = firstRefusal(answers);
                    return ofWrites.or(() -> ofClosing);
                });
            } catch (TransferException e) {
                // The attempt has already failed with its own reason. The server drops the handle with the connection.
                return;
            }
        }
    }
}
