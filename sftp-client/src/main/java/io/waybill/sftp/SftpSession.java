package io.waybill.sftp;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtensionInfo;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection with one SFTP channel. */
final class SftpSession extends ProbedServer {
    static final String SYNC = "fsync@openssh.com";
    static final String REPLACE = "posix-rename@openssh.com";
    private static final Logger LOG = LoggerFactory.getLogger(SftpSession.class);

    /** A directory of the most names that the worker asks for takes seconds. */
    static final Duration LONGEST_LISTING = Duration.ofMinutes(1);

    private final ClientSession connection;
    private final PipelinedSftpClient sftp;
    private final DestinationConfig destination;
    private final ServerFindings findings;
    private final StallWatch watch;
    private final RateLimit limit;
    private final UnsentBytes unsent;
    private final SpareConnections spare;
    private final SftpRequests requests;
    private final DirectorySync directorySync;
    private final OpenHandles handles;
    private final ScheduledFuture<?> ticks;
    private final Channels channels;
    private volatile ServerLimits limits = ServerLimits.UNKNOWN;

    private SftpSession(
            ClientSession connection,
            PipelinedSftpClient sftp,
            DestinationConfig destination,
            String hostKey,
            SftpConnector.Known known,
            UnsentBytes unsent,
            SpareConnections spare,
            ScheduledExecutorService ticker) {
        super(
                hostKey,
                String.valueOf(connection.getServerVersion()),
                sftp.getServerExtensions().keySet(),
                known.findings());
        this.connection = connection;
        this.sftp = sftp;
        this.destination = destination;
        this.findings = known.findings();
        this.limit = known.limit();
        this.unsent = unsent;
        this.spare = spare;
        Duration stall = destination.stallTimeout();
        this.watch = new StallWatch(stall, () -> connection.close(true));
        this.requests = requestsOver(sftp);
        this.channels = new Channels(
                requests, this::furtherChannel, findings, () -> limits.roundTrip(), destination.flow());
        this.directorySync = new DirectorySync(requests, () -> limits.roundTrip());
        this.handles = new OpenHandles(findings);
        long period = Math.max(1, stall.dividedBy(StallWatch.TICKS).toMillis());
        this.ticks = ticker.scheduleAtFixedRate(watch::tick, period, period, TimeUnit.MILLISECONDS);
    }

    private SftpRequests requestsOver(PipelinedSftpClient channel) {
        return new SftpRequests(channel, watch.channel());
    }

    private SftpRequests furtherChannel() throws IOException {
        try {
            var channel = new PipelinedSftpClient(connection, longestAnswer(destination), unsent);
            channel.setNameDecodingCharset(destination.charset());
            return requestsOver(channel);
        } catch (IllegalStateException e) {
            if (connection.isOpen()) {
                throw e;
            }
            throw new IOException("the session ended while a channel was opened", e);
        }
    }

    /** Only a backstop for the waits of the library; the stall watch decides. */
    static Duration longestAnswer(DestinationConfig destination) {
        return destination.stallTimeout().multipliedBy(10);
    }

    /**
     * Takes over a connection that has an SFTP channel.
     *
     * @param hostKey fingerprint of the key that the server showed
     * @param unsent  the memory of this connection; ended with it
     */
    static SftpSession start(
            ClientSession connection,
            PipelinedSftpClient sftp,
            DestinationConfig destination,
            String hostKey,
            SftpConnector.Known known,
            UnsentBytes unsent,
            SpareConnections spare,
            ScheduledExecutorService ticker)
            throws TransferException {
        var session = new SftpSession(connection, sftp, destination, hostKey, known, unsent, spare, ticker);
        connection.addCloseFutureListener(_ -> unsent.end());
        try {
            session.limits = session.ask(
                    "ask for the limits of " + destination.name(),
                    r -> ServerLimits.ask(r, ServerLimits.offeredBy(sftp), destination.flow(), ticker));
            return session;
        } catch (TransferException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** The server refused a part of a file that was written over several channels. */
    void stripeRefused() {
        findings.refusedStripe();
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen() && sftp.isOpen();
    }

    ClientSession connection() {
        return connection;
    }

    PipelinedSftpClient sftp() {
        return sftp;
    }

    /** The limits that the server reports. */
    Optional<OpenSSHLimitsExtensionInfo> limits() {
        return limits.told();
    }

    Channels channels() {
        return channels;
    }

    RateLimit limit() {
        return limit;
    }

    SftpRequests.Traffic traffic() {
        return requests.traffic();
    }

    /** The bytes of a path. Call this within {@link #ask}, which turns an unwritable name into its failure. */
    byte[] encoded(RemotePath path) throws UnwritableNameException {
        return requests.encoded(destination.absolute(path.value()));
    }

    /** Sends a request to the server and turns every error into a failure. */
    <T> T ask(String action, RemotePath path, Request<T> request) throws TransferException {
        try {
            return ask(action + " '" + path + "'", request);
        } catch (TransferException e) {
            throw e.kind() == FailureKind.REMOTE_ERROR && !(e instanceof UnsupportedRequestException) && isFull(path)
                    ? new TransferException(FailureKind.DISK_FULL, e.getMessage() + "; it has no room left", e)
                    : e;
        }
    }

    private <T> T ask(String action, Request<T> request) throws TransferException {
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
                && FreeSpace.lacks(limits.chunkSize(), requests, () -> directoryOf(path));
    }

    @Override
    public void ping() throws TransferException {
        // A dead connection must not hold up a file for the whole stall time-out.
        ask("reach " + destination.name(), r -> {
            r.awaitSoon(r.send(SftpConstants.SSH_FXP_REALPATH, r.encoded(".")), destination.connectTimeout());
            return destination;
        });
    }

    @Override
    public RemoteFile write(RemotePath path, Existing existing, long from) throws TransferException {
        return open(path, existing, from, Optional.empty());
    }

    @Override
    public RemoteFile stage(RemotePath path, long from, RemotePath target) throws TransferException {
        return open(path, Existing.KEEP, from, Optional.of(target));
    }

    private RemoteFile open(RemotePath path, Existing existing, long from, Optional<RemotePath> later)
            throws TransferException {
        byte[] name = ask("write to", path, _ -> encoded(path));
        // A file that is truncated may have a final name. Beside it a partner would see the files of the trial.
        if (existing == Existing.KEEP) {
            tryOut(path);
            if (Capability.classOf(capabilities(path)) == DestinationClass.DIRECT) {
                throw new UnsupportedRequestException("nothing can be renamed at " + destination.name()
                        + ", so a file cannot be staged under another name than its own");
            }
        }
        byte[] striped = ask("write to", path, _ -> marked(path, ".probe4"));
        // If the file were made again here, its beginning would be zeros. Also, some servers empty a file if the flags
        // allow to make it.
        int flags = SftpConstants.SSH_FXF_WRITE
                | (from == 0 ? SftpConstants.SSH_FXF_CREAT : 0)
                | (existing == Existing.TRUNCATE ? SftpConstants.SSH_FXF_TRUNC : 0);
        var target = new AtomicReference<Optional<RemoteStat>>(Optional.empty());
        byte[] handle = handles.open(() -> ask("open for writing", path, r -> {
            OptionalInt look = later.isPresent()
                    ? OptionalInt.of(r.send(SftpConstants.SSH_FXP_LSTAT, encoded(later.get())))
                    : OptionalInt.empty();
            int opened = r.open(name, flags);
            if (look.isPresent()) {
                target.set(linkOf(r, look.getAsInt()));
            }
            return r.awaitHandle(opened);
        }));
        var parallel = new ParallelChannels(this, spare, name, striped, existing == Existing.KEEP);
        return new SftpFile(this, path, requests, handle, from, limits.chunkSize(), parallel, target.get());
    }

    @Override
    Optional<ServerProbe.Result> probe(RemotePath beside, String mark) throws TransferException {
        Optional<ServerProbe.Result> result = ask("try out the server with", beside, r -> {
            List<byte[]> names =
                    List.of(marked(beside, mark + "1"), marked(beside, mark + "2"), marked(beside, mark + "3"));
            return new ServerProbe(r, offered(), names).run();
        });
        result.filter(ServerProbe.Result::tried).ifPresent(found -> LOG.atInfo()
                .addKeyValue("destination", destination.name())
                .addKeyValue("keeps", found.kept())
                .addKeyValue("lacks", found.broken())
                .log("The trial of a destination's server is done"));
        return result;
    }

    @Override
    Optional<Boolean> apart(RemotePath one, RemotePath other) throws TransferException {
        return ask("ask for the file system of", one, r -> FreeSpace.apart(r, directoryOf(one), directoryOf(other)));
    }

    private byte[] directoryOf(RemotePath path) throws UnwritableNameException {
        return requests.encoded(destination.absolute(path.directory()));
    }

    /** A name that belongs to the same execution, and that the partner ignores just as it ignores the staging name. */
    private byte[] marked(RemotePath staging, String mark) throws UnwritableNameException {
        String suffix = destination.staging().kind() == Staging.Kind.SUFFIX ? destination.staging().text() : "";
        return encoded(staging.sibling(staging.name() + mark + suffix));
    }

    /** A file that {@link #write} opened is closed, or lost with the connection. */
    void closed() {
        handles.closed();
    }

    @Override
    public InputStream read(RemotePath path) throws TransferException {
        return ask("open for reading", path, _ -> {
            // The library would write a '?' for each character that it cannot write, and read another file.
            var _ = encoded(path);
            try (var _ = watch.waiting()) {
                return sftp.content(destination.absolute(path.value()), limits.chunkSize());
            }
        });
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

    private static Optional<RemoteStat> linkOf(SftpRequests requests, int request) throws IOException {
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
    public List<RemoteEntry> list(String directory, int most) throws TransferException {
        var late = new AtomicBoolean();
        var _ = CompletableFuture.runAsync(
                () -> late.set(true),
                CompletableFuture.delayedExecutor(LONGEST_LISTING.toMillis(), TimeUnit.MILLISECONDS));
        return ask("list '" + directory + "'", r -> DirectoryListing.read(
                r, r.encoded(destination.absolute(directory)), most, late::get));
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
    void syncNameOf(RemotePath path) throws IOException {
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

    @Override
    public void close() {
        ticks.cancel(false);
        connection.close(true);
    }

    @FunctionalInterface
    interface Request<T> {
        T send(SftpRequests requests) throws IOException;
    }
}
