package io.waybill.sftp;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.memory.MemoryBudget;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.ServerReport.Connections;
import io.waybill.sftp.flow.RateLimit;
import io.waybill.sftp.flow.UnsentBytes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.future.CancelOption;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;

/**
 * Connects to SFTP servers. One instance serves all destinations of a worker; its threads do the network I/O of all
 * connections. It uses nothing of the machine's own SSH configuration: no agent, no known_hosts, no default keys.
 */
public final class SftpConnector implements Connector {
    // Heartbeats keep firewalls from forgetting an idle connection. Many may stay unanswered, because on a slow line they
    // queue behind the megabytes of a transfer. If a thread waits for an answer, the stall watch is quicker.
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final int UNANSWERED_HEARTBEATS = 10;

    /**
     * The library's default of one gigabyte follows the advice of RFC 4253 for the ciphers of its time, and would stall
     * every large file once. With blocks of 128 bits RFC 4344 allows 64 GiB. For ciphers with shorter blocks the library
     * counts the blocks itself.
     */
    private static final long REKEY_AFTER = 32L << 30;

    /** Bytes that are encrypted and not yet sent may take up to this part of the memory, over all connections. */
    private static final int PART_OF_HEAP = 8;

    /**
     * Beyond this number the server that was not used for longest is forgotten. A server may give its software another
     * name each time.
     */
    private static final int MOST_SERVERS = 1000;

    /** So many addresses of one name are tried at most. Together they get the time that the destination gives for one. */
    private static final int MOST_ADDRESSES = 8;

    private final SshClient client;
    private final Names names;
    private final ScheduledExecutorService ticker;
    private final Map<Server, ServerFindings> findings = ServerFindings.recent(MOST_SERVERS);
    private final Map<DestinationName, RateLimit> limits = new ConcurrentHashMap<>();
    private final Map<DestinationName, AtomicBoolean> renames = new ConcurrentHashMap<>();
    /** Of which types the keys were that destinations showed and that are pinned. */
    private final Map<DestinationName, String> hostKeyTypes = new ConcurrentHashMap<>();
    /** The addresses that did not answer last time; they are tried last. */
    private final Map<DestinationName, Set<InetAddress>> silent = new ConcurrentHashMap<>();
    /** Destinations whose last login ended without a word. */
    private final Set<DestinationName> hungUp = ConcurrentHashMap.newKeySet();
    /** The session of each destination that was opened last. */
    private final Map<DestinationName, SftpSession> latest = new ConcurrentHashMap<>();
    private final MemoryBudget unsent = MemoryBudget.ofHeap(PART_OF_HEAP);

    /** Finds the addresses of a host. */
    interface Names {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    public SftpConnector() {
        this(HEARTBEAT);
    }

    /**
     * @param heartbeat how often a connection gets a keep-alive
     */
    SftpConnector(Duration heartbeat) {
        this(heartbeat, host -> List.of(InetAddress.getAllByName(host)));
    }

    SftpConnector(Duration heartbeat, Names names) {
        this.names = names;
        client = SshClient.setUpDefaultClient();
        Algorithms.proposeModern(client);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setAgentFactory(null);
        client.setUserAuthFactories(Login.METHODS);
        Handshake.attach(client);
        CoreModuleProperties.PASSWORD_PROMPTS.set(client, 1);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(client, REKEY_AFTER);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, heartbeat);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED_HEARTBEATS);
        client.setIoServiceFactoryFactory(WriteCoalescingServiceFactory.factory());
        client.start();
        ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sftp-stall-watch").factory());
    }

    @Override
    public RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException {
        return open(destination, spare);
    }

    /**
     * Finds out everything about a destination's server that can be found out. Opens as many connections as the destination
     * may have, one after another, makes files of no or one byte, and removes and closes all of them again.
     *
     * @param stem begins the names of those files; nobody else uses names that begin so
     */
    public ServerReport probe(DestinationConfig destination, RemotePath stem, ProcessClock clock)
            throws TransferException {
        var others = new ArrayList<RemoteFiles>();
        Optional<String> refusal = Optional.empty();
        try (SftpSession session = open(destination, SpareConnections.NONE)) {
            while (refusal.isEmpty() && others.size() + 1 < destination.maxConnections()) {
                try {
                    others.add(connect(destination));
                } catch (TransferException e) {
                    refusal = Optional.of(e.failure().detail());
                }
            }
            var connections = new Connections(1 + others.size(), destination.maxConnections(), refusal);
            return new DestinationProbe(session, stem, clock).run(connections);
        } finally {
            others.forEach(RemoteFiles::close);
        }
    }

    private SftpSession open(DestinationConfig destination, SpareConnections spare) throws TransferException {
        List<String> likely = Stream.concat(
                Stream.ofNullable(hostKeyTypes.get(destination.name())),
                destination.security().hostKeyTypes().stream().sorted())
                .distinct()
                .toList();
        var pins = new HostKeyPins(destination.hostKeys(), likely);
        while (true) {
            try {
                SftpSession session = open(new Handshake(destination, pins), spare);
                latest.put(destination.name(), session);
                hungUp.remove(destination.name());
                pins.acceptedType().ifPresent(type -> hostKeyTypes.put(destination.name(), type));
                return session;
            } catch (TransferException e) {
                if (e.kind() != FailureKind.HOST_KEY || !pins.another()) {
                    throw e;
                }
            }
        }
    }

    private SftpSession open(Handshake handshake, SpareConnections spare) throws TransferException {
        DestinationConfig destination = handshake.destination();
        ClientSession session;
        try {
            session = dial(handshake);
        } catch (IOException e) {
            throw SftpFailures.connecting(handshake, e);
        }
        try {
            CoreModuleProperties.IDLE_TIMEOUT.set(
                    session, SftpSession.longestAnswer(destination).plus(destination.idleTimeout()));
            DefaultSftpClient.SFTP_CLIENT_CMD_TIMEOUT.set(session, SftpSession.longestAnswer(destination));
            handshake.login().prepare(session);
            logIn(session, handshake);
            return openSftp(session, handshake, spare);
        } catch (TransferException e) {
            session.close(true);
            throw e;
        } catch (RuntimeException e) {
            // The library throws IllegalStateException if the session ends between two of its own calls.
            boolean ended = !session.isOpen();
            session.close(true);
            if (ended) {
                throw SftpFailures.endedAfterLogin(handshake, e);
            }
            throw e;
        }
    }

    /**
     * Connects to one of the addresses that the host has. A partner with two lines or two machines has two, and a machine
     * without IPv6 gets IPv6 addresses all the same.
     */
    private ClientSession dial(Handshake handshake) throws IOException {
        DestinationConfig destination = handshake.destination();
        Set<InetAddress> mute = silent.computeIfAbsent(destination.name(), _ -> ConcurrentHashMap.newKeySet());
        List<InetAddress> addresses = names.addresses(destination.host()).stream()
                .sorted(Comparator.comparing(mute::contains))
                .limit(MOST_ADDRESSES)
                .toList();
        Duration each = destination.connectTimeout().dividedBy(addresses.size());
        var refusals = new ArrayList<String>();
        for (InetAddress address : addresses) {
            try {
                ClientSession session = client.connect(
                        destination.user(), address.getHostAddress(), destination.port(), handshake.context(), null)
                        .verify(each, CancelOption.CANCEL_ON_TIMEOUT)
                        .getSession();
                mute.remove(address);
                return session;
            } catch (IOException e) {
                if (addresses.size() == 1 || e instanceof InterruptedIOException) {
                    throw e;
                }
                mute.add(address);
                refusals.add(address.getHostAddress() + ": " + SftpFailures.messageOf(e));
            }
        }
        throw new ConnectException("none of its addresses answers: " + String.join("; ", refusals));
    }

    private void logIn(ClientSession session, Handshake handshake) throws TransferException {
        try {
            session.auth().verify(handshake.destination().connectTimeout());
        } catch (IOException e) {
            if (!(e.getCause() instanceof TimeoutException) && !(e instanceof InterruptedIOException)) {
                handshake.endedDuringLogin(isDoubtful(handshake.destination().name()));
            }
            throw SftpFailures.connecting(handshake, e);
        }
    }

    /**
     * Whether an end of a connection without a word, during the login, may have another reason than the login: a server
     * that already lets this user in may have enough of him, and any network fails once.
     */
    private boolean isDoubtful(DestinationName destination) {
        SftpSession other = latest.get(destination);
        return other != null && other.isOpen() || hungUp.add(destination);
    }

    private SftpSession openSftp(ClientSession session, Handshake handshake, SpareConnections spare)
            throws TransferException {
        DestinationConfig destination = handshake.destination();
        String hostKey = handshake.pins().accepted().orElseThrow();
        Supplier<Optional<String>> instead = PipelinedSftpClient.textInsteadOfSftp(session);
        try {
            var own = new UnsentBytes(unsent);
            var sftp = new PipelinedSftpClient(session, SftpSession.longestAnswer(destination), own);
            sftp.setNameDecodingCharset(destination.charset());
            Known known = known(destination, ProbedServer.described(hostKey, session.getServerVersion()));
            return SftpSession.start(session, sftp, destination, hostKey, known, own, spare, ticker);
        } catch (IOException | BufferException e) {
            throw SftpFailures.noSftp(destination, instead.get().map(handshake.login()::masked), e);
        }
    }

    /**
     * What was found out about one server does not count for another one: a partner may exchange a server, or have
     * several behind one address.
     */
    private Known known(DestinationConfig destination, String server) {
        DestinationName name = destination.name();
        return new Known(
                findings.computeIfAbsent(
                        new Server(name, server),
                        _ -> new ServerFindings(renames.computeIfAbsent(name, _ -> new AtomicBoolean()))),
                limits.computeIfAbsent(name, _ -> RateLimit.of(destination.flow().maxBytesPerSecond(), ticker)));
    }

    private record Server(DestinationName destination, String software) {}

    /**
     * What this worker's connections to one server of a destination share.
     *
     * @param findings what the server was found to do and not to do
     * @param limit    how much may be sent to the destination
     */
    record Known(ServerFindings findings, RateLimit limit) {}

    @Override
    public void close() {
        ticker.shutdownNow();
        client.close(true);
    }
}
