package io.waybill.worker.sftp;

import io.waybill.domain.RemotePath;
import io.waybill.worker.Capability;
import io.waybill.worker.RemoteFile;
import io.waybill.worker.RemoteStat;
import io.waybill.worker.TransferException;
import java.io.IOException;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** A file being written, with a bounded number of writes under way. */
final class SftpFile implements RemoteFile {
    /** The bytes of one file that may be sent and not yet acknowledged; servers take about half of it at once. */
    private static final int WINDOW = 4 << 20;

    private static final int MOST_REQUESTS = 64;

    private final SftpSession session;
    private final RemotePath path;
    private final byte[] handle;
    private final int chunkSize;
    private final PendingWrites writes;
    // Two, used in turn: the library sends a packet before it takes the next, so the one before is free again.
    private Buffer packet = new ByteArrayBuffer(0);
    private Buffer otherPacket = new ByteArrayBuffer(0);
    private long position;
    private boolean open = true;

    SftpFile(SftpSession session, RemotePath path, byte[] handle, long from, int chunkSize) {
        this.session = session;
        this.path = path;
        this.handle = handle;
        this.chunkSize = chunkSize;
        this.position = from;
        this.writes = new PendingWrites(from);
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
        session.ask("write to", path, requests -> {
            writes.take(requests);
            writes.awaitAllBut(Math.clamp(WINDOW / chunkSize, 1, MOST_REQUESTS) - 1, requests);
            int request = requests.send(SftpConstants.SSH_FXP_WRITE, packetOf(bytes, length));
            position += length;
            writes.add(request, position);
            return position;
        });
    }

    @Override
    public long acknowledged() {
        return writes.safe();
    }

    private Buffer packetOf(byte[] bytes, int length) {
        Buffer filled = otherPacket;
        otherPacket = packet;
        packet = filled;
        int total = SftpRequests.HEADER + Integer.BYTES + handle.length + Long.BYTES + Integer.BYTES + length;
        if (packet.capacity() + packet.rpos() < total) {
            packet = new ByteArrayBuffer(total, false);
        }
        packet.clear(false);
        packet.wpos(SftpRequests.HEADER);
        packet.rpos(SftpRequests.HEADER);
        packet.putBytes(handle);
        packet.putLong(position);
        packet.putBytes(bytes, 0, length);
        return packet;
    }

    @Override
    public boolean sync() throws TransferException {
        return session.ask("sync", path, requests -> {
            if (!session.capabilities().contains(Capability.SYNC)) {
                writes.awaitAll(requests);
                return false;
            }
            int synced = requests.sendExtended(SftpSession.SYNC, handle);
            Optional<SftpException> ofWrites = refusal(() -> writes.awaitAll(requests));
            Optional<SftpException> ofSync = refusal(() -> awaitSynced(requests, synced));
            Optional<SftpException> first = ofWrites.or(() -> ofSync);
            if (first.isPresent()) {
                throw first.get();
            }
            return session.capabilities().contains(Capability.SYNC);
        });
    }

    @Override
    public RemoteStat finish() throws TransferException {
        open = false;
        try {
            return finished();
        } finally {
            session.closed();
        }
    }

    private RemoteStat finished() throws TransferException {
        return session.ask("finish", path, requests -> {
            // Servers keep the order of requests for one handle, so nothing is awaited before all are sent.
            boolean sync = session.capabilities().contains(Capability.SYNC);
            int synced = sync ? requests.sendExtended(SftpSession.SYNC, handle) : 0;
            int closed = requests.send(SftpConstants.SSH_FXP_CLOSE, handle);
            int stat = requests.send(SftpConstants.SSH_FXP_STAT, session.encoded(path));
            // The name is there since the file was opened, so its directory is synced beside the file.
            session.syncNameOf(path);
            // All are awaited, also behind a refusal: the library keeps an answer until somebody takes it.
            Optional<SftpException> ofWrites = refusal(() -> writes.awaitAll(requests));
            Optional<SftpException> ofSync =
                    sync ? refusal(() -> awaitSynced(requests, synced)) : Optional.empty();
            Optional<SftpException> ofClosing = refusal(() -> requests.awaitOk(closed));
            RemoteStat told = told(requests, stat);
            Optional<SftpException> first = ofWrites.or(() -> ofSync).or(() -> ofClosing);
            if (first.isPresent()) {
                throw first.get();
            }
            return told;
        });
    }

    private interface Awaiting {
        void await() throws IOException;
    }

    private static Optional<SftpException> refusal(Awaiting answers) throws IOException {
        try {
            answers.await();
            return Optional.empty();
        } catch (SftpException e) {
            return Optional.of(e);
        }
    }

    private void awaitSynced(SftpRequests requests, int synced) throws IOException {
        try {
            requests.awaitOk(synced);
        } catch (SftpException e) {
            if (e.getStatus() != SftpConstants.SSH_FX_OP_UNSUPPORTED) {
                throw e;
            }
            session.disprove(Capability.SYNC);
        }
    }

    /** A stat that is refused is no failure: it only makes the proof weaker. */
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
            session.closed();
        }
    }

    private void giveUp() {
        if (session.isOpen()) {
            try {
                session.ask("close", path, requests -> {
                    int closed = requests.send(SftpConstants.SSH_FXP_CLOSE, handle);
                    Optional<SftpException> ofWrites = refusal(() -> writes.awaitAll(requests));
                    Optional<SftpException> ofClosing = refusal(() -> requests.awaitOk(closed));
                    return ofWrites.or(() -> ofClosing);
                });
            } catch (TransferException e) {
                // The attempt has failed already, and says why; the server drops the handle with the connection.
                return;
            }
        }
    }
}
