package io.waybill.sftp;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.sftp.flow.RateLimit;
import io.waybill.sftp.flow.StallWatch;
import io.waybill.sftp.flow.UnsentBytes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtensionInfo;
import org.apache.sshd.sftp.common.SftpConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection with one SFTP channel, and the files that are open over it. */
final class SftpSession extends NameRequests {
    private static final Logger LOG = LoggerFactory.getLogger(SftpSession.class);

    private final PipelinedSftpClient sftp;
    private final RateLimit limit;
    private final UnsentBytes unsent;
    private final SpareConnections spare;
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
        var watch = new StallWatch(destination.stallTimeout(), () -> connection.close(true));
        super(connection, sftp, destination, hostKey, known.findings(), watch);
        this.sftp = sftp;
        this.limit = known.limit();
        this.unsent = unsent;
        this.spare = spare;
        this.channels = new Channels(
                requests(), this::furtherChannel, known.findings(), () -> limits.roundTrip(), destination.flow());
        this.handles = new OpenHandles(known.findings());
        long period = Math.max(1, destination.stallTimeout().dividedBy(StallWatch.TICKS).toMillis());
        this.ticks = ticker.scheduleAtFixedRate(watch::tick, period, period, TimeUnit.MILLISECONDS);
    }

    private SftpRequests furtherChannel() throws IOException {
        try {
            var channel = new PipelinedSftpClient(connection(), longestAnswer(destination()), unsent);
            channel.setNameDecodingCharset(destination().charset());
            return new SftpRequests(channel, watch().channel());
        } catch (IllegalStateException e) {
            if (connection().isOpen()) {
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
        findings().refusedStripe();
    }

    @Override
    public boolean isOpen() {
        return connection().isOpen() && sftp.isOpen();
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

    @Override
    ServerLimits agreed() {
        return limits;
    }

    RateLimit limit() {
        return limit;
    }

    SftpRequests.Traffic traffic() {
        return requests().traffic();
    }

    @Override
    public void ping() throws TransferException {
        // A dead connection must not hold up a file for the whole stall time-out.
        ask("reach " + destination().name(), r -> {
            r.awaitSoon(r.send(SftpConstants.SSH_FXP_REALPATH, r.encoded(".")), destination().connectTimeout());
            return r;
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
                throw new UnsupportedRequestException("nothing can be renamed at " + destination().name()
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
        return new SftpFile(this, path, requests(), handle, from, limits.chunkSize(), parallel, target.get());
    }

    @Override
    Optional<ServerProbe.Result> probe(RemotePath beside, String mark) throws TransferException {
        Optional<ServerProbe.Result> result = ask("try out the server with", beside, r -> {
            List<byte[]> names =
                    List.of(marked(beside, mark + "1"), marked(beside, mark + "2"), marked(beside, mark + "3"));
            return new ServerProbe(r, offered(), names).run();
        });
        result.filter(ServerProbe.Result::tried).ifPresent(found -> LOG.atInfo()
                .addKeyValue("destination", destination().name())
                .addKeyValue("keeps", found.kept())
                .addKeyValue("lacks", found.broken())
                .log("The trial of a destination's server is done"));
        return result;
    }

    /** A name that belongs to the same execution, and that the partner ignores just as it ignores the staging name. */
    private byte[] marked(RemotePath staging, String mark) throws UnwritableNameException {
        String suffix = destination().staging().kind() == Staging.Kind.SUFFIX ? destination().staging().text() : "";
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
            try (var _ = watch().waiting()) {
                return sftp.content(destination().absolute(path.value()), limits.chunkSize());
            }
        });
    }

    @Override
    public void close() {
        ticks.cancel(false);
        connection().close(true);
    }
}
