package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.flow.StallWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * What one connection asks about names: everything but the content of files. Each error becomes a failure here. The
 * connection itself, its channels and its open files are {@link SftpSession}'s. Any thread.
 */
abstract class NameRequests extends ProbedServer {
    static final String SYNC = "fsync@openssh.com";
    static final String REPLACE = "posix-rename@openssh.com";

    /** The names that the worker asks for may be some of many thousands. */
    static final Duration LONGEST_LISTING = Duration.ofMinutes(1);

    private final ClientSession connection;
    private final DestinationConfig destination;
    private final ServerFindings findings;
    private final StallWatch watch;
    private final SftpRequests requests;
    private final DirectorySync directorySync;

    /**
     * @param hostKey fingerprint of the key that the server showed
     */
    NameRequests(
            ClientSession connection,
            PipelinedSftpClient sftp,
            DestinationConfig destination,
            String hostKey,
            ServerFindings findings,
            StallWatch watch) {
        super(hostKey, String.valueOf(connection.getServerVersion()), sftp.getServerExtensions().keySet(), findings);
        this.connection = connection;
        this.destination = destination;
        this.findings = findings;
        this.watch = watch;
        this.requests = new SftpRequests(sftp, watch.channel());
        this.directorySync = new DirectorySync(requests, () -> agreed().roundTrip());
    }

    /** What the connection allows. */
    abstract ServerLimits agreed();

    final ClientSession connection() {
        return connection;
    }

    final DestinationConfig destination() {
        return destination;
    }

    final ServerFindings findings() {
        return findings;
    }

    final StallWatch watch() {
        return watch;
    }

    final SftpRequests requests() {
        return requests;
    }

    /** The bytes of a path. Call this within {@link #ask}, which turns an unwritable name into its failure. */
    final byte[] encoded(RemotePath path) throws UnwritableNameException {
        return requests.encoded(destination.absolute(path.value()));
    }

    /** Sends a request to the server and turns every error into a failure. */
    final <T> T ask(String action, RemotePath path, Request<T> request) throws TransferException {
        try {
            return ask(action + " '" + path + "'", request);
        } catch (TransferException e) {
            throw e.kind() == FailureKind.REMOTE_ERROR && !(e instanceof UnsupportedRequestException) && isFull(path)
                    ? new TransferException(FailureKind.DISK_FULL, e.getMessage() + "; it has no room left", e)
                    : e;
        }
    }

    final <T> T ask(String action, Request<T> request) throws TransferException {
        try {
            return request.send(requests);
        } catch (SftpException e) {
            throw SftpFailures.refused(action, e);
        } catch (UnwritableNameException e) {
            // Nothing was sent, and the connection is still good.
            throw new TransferException(NameEncoding.badName(destination, e));
        } catch (BorrowedConnectionLostException e) {
            throw SftpFailures.broken(action, e, false, destination.stallTimeout(), Optional.empty());
        } catch (IOException e) {
            throw broken(action, e);
        } catch (BufferException e) {
            throw broken(action, PipelinedSftpClient.unreadable(e));
        }
    }

    /** Some answers are lost now. No later answer on this connection could be trusted. */
    private TransferException broken(String action, IOException reason) {
        connection.close(true);
        return SftpFailures.broken(
                action, reason, watch.stalled(), destination.stallTimeout(), Handshake.of(connection).ended());
    }

    private boolean isFull(RemotePath path) {
        return capabilities().contains(Capability.FREE_SPACE)
                && isOpen()
                && FreeSpace.lacks(agreed().chunkSize(), requests, () -> directoryOf(path));
    }

    @Override
    Optional<Boolean> apart(RemotePath one, RemotePath other) throws TransferException {
        return ask("ask for the file system of", one, r -> FreeSpace.apart(r, directoryOf(one), directoryOf(other)));
    }

    private byte[] directoryOf(RemotePath path) throws UnwritableNameException {
        return requests.encoded(destination.absolute(path.directory()));
    }

    @Override
    public Optional<RemoteStat> stat(RemotePath path) throws TransferException {
        return ask("stat", path, r -> {
            byte[] name = encoded(path);
            int named = r.send(SftpConstants.SSH_FXP_STAT, name);
            int link = r.send(SftpConstants.SSH_FXP_LSTAT, name);
            try {
                RemoteStat stat = r.awaitStat(named);
                r.awaitAnything(link);
                return Optional.of(stat);
            } catch (SftpException e) {
                // A link that leads nowhere has the name too: no other file can get it.
                Optional<RemoteStat> ofLink = linkOf(r, link);
                if (SftpFailures.nothingThere(e)) {
                    return ofLink;
                }
                throw e;
            }
        });
    }

    static Optional<RemoteStat> linkOf(SftpRequests requests, int request) throws IOException {
        try {
            return Optional.of(requests.awaitStat(request));
        } catch (SftpException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<RemoteStat> statLink(RemotePath path) throws TransferException {
        return ask("look at", path, r -> r.statLink(encoded(path)));
    }

    @Override
    public void makeDirectory(RemotePath directory) throws TransferException {
        confirm("make the directory", directory, r -> r.makeDirectory(encoded(directory)));
    }

    @Override
    public void removeDirectory(RemotePath directory) throws TransferException {
        confirm("remove the directory", directory, r -> r.send(SftpConstants.SSH_FXP_RMDIR, encoded(directory)));
    }

    @Override
    public boolean remove(RemotePath path) throws TransferException {
        return ask("remove", path, r -> {
            try {
                r.awaitOk(r.send(SftpConstants.SSH_FXP_REMOVE, encoded(path)));
                return true;
            } catch (SftpException e) {
                if (SftpFailures.nothingThere(e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public void truncate(RemotePath path, long size) throws TransferException {
        confirm("cut to " + size + " bytes", path, r -> r.truncate(encoded(path), size));
    }

    @Override
    public void setAttributes(RemotePath path, OptionalInt mode, OptionalLong modified) throws TransferException {
        confirm("set permissions or times of", path, r -> r.setAttributes(encoded(path), mode, modified));
    }

    @Override
    public List<RemoteEntry> list(String directory, Predicate<String> wanted, int most) throws TransferException {
        var late = new AtomicBoolean();
        var _ = CompletableFuture.runAsync(
                () -> late.set(true),
                CompletableFuture.delayedExecutor(LONGEST_LISTING.toMillis(), TimeUnit.MILLISECONDS));
        return ask("list '" + directory + "'", r -> DirectoryListing.read(
                r, r.encoded(destination.absolute(directory)), wanted, most, late::get));
    }

    @Override
    public void replace(RemotePath from, RemotePath to) throws TransferException {
        using(Capability.REPLACE, "rename '" + from + "' over", to,
                r -> r.sendExtended(REPLACE, encoded(from), encoded(to)));
    }

    @Override
    public void rename(RemotePath from, RemotePath to) throws TransferException {
        using(Capability.RENAME, "rename '" + from + "' to", to, r -> r.rename(encoded(from), encoded(to)));
    }

    @Override
    public void syncDirectoryOf(RemotePath path) throws TransferException {
        ask("sync the directory of", path, _ -> {
            syncNameOf(path);
            return path;
        });
    }

    /** Syncs a name to the server's disk, if the server does that. */
    final void syncNameOf(RemotePath path) throws IOException {
        if (!capabilities(path).contains(Capability.SYNC_DIRECTORY)) {
            return;
        }
        try {
            directorySync.sync(directoryOf(path));
        } catch (SftpException e) {
            // Not every server opens directories as files. Such a server then promises no more than one without fsync.
            findings.notSynced(path.directory(), e.getStatus());
        }
    }

    private void using(Capability capability, String action, RemotePath path, Request<Integer> request)
            throws TransferException {
        try {
            confirm(action, path, request);
        } catch (UnsupportedRequestException e) {
            disprove(capability);
            throw e;
        }
    }

    private void confirm(String action, RemotePath path, Request<Integer> request) throws TransferException {
        ask(action, path, r -> {
            r.awaitOk(request.send(r));
            return path;
        });
    }

    @FunctionalInterface
    interface Request<T> {
        T send(SftpRequests requests) throws IOException;
    }
}
