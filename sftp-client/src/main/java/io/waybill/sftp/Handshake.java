package io.waybill.sftp;

import io.waybill.domain.Texts;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Security;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.AbstractClientSession;
import org.apache.sshd.client.session.ClientConnectionService;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.session.ReservedSessionMessagesHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What one connection agrees with its server before it carries files: algorithms, the host key, the login. It also knows
 * why this client, or the server, ended the connection, if either gave a reason. The network's threads write, any thread
 * reads.
 */
final class Handshake {
    private static final AttributeKey<Handshake> KEY = new AttributeKey<>();

    /**
     * So many packets in a row that say nothing end the connection. Some servers send one from time to time to keep a
     * connection alive, or one before each answer.
     */
    static final int MOST_CHATTER = 10_000;

    /** So many key exchanges may follow one another. Each takes the network's thread as long as a megabyte of a file. */
    static final int MOST_KEY_EXCHANGES = 20;

    /** For each of this many bytes in either direction, and for each keep-alive, the server may exchange keys once more. */
    private static final long BYTES_PER_KEY_EXCHANGE = 1 << 20;

    private static final int LONGEST_LIST = 300;
    private static final int LONGEST_REASON = 800;

    private static final Map<KexProposalOption, String> PURPOSES = new LinkedHashMap<>();

    static {
        PURPOSES.put(KexProposalOption.ALGORITHMS, "key exchange");
        PURPOSES.put(KexProposalOption.SERVERKEYS, "host key");
        PURPOSES.put(KexProposalOption.C2SENC, "cipher");
        PURPOSES.put(KexProposalOption.S2CENC, "cipher");
        PURPOSES.put(KexProposalOption.C2SMAC, "MAC");
        PURPOSES.put(KexProposalOption.S2CMAC, "MAC");
    }

    private final DestinationConfig destination;
    private final HostKeyPins pins;
    private final Login login;
    private final AtomicLong credit = new AtomicLong(MOST_KEY_EXCHANGES * BYTES_PER_KEY_EXCHANGE);
    private int chatter;
    private int duringKeyExchange;
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean keyRefused;

    /**
     * @param pins shared by all tries to connect to the destination that follow one another
     */
    Handshake(DestinationConfig destination, HostKeyPins pins) {
        this.destination = destination;
        this.pins = pins;
        this.login = new Login(destination);
    }

    /** Makes a client ask the handshake of each connection. */
    static void attach(SshClient client) {
        client.addSessionListener(new Listener());
        client.setServerKeyVerifier((session, _, key) -> of(session).accept(session, key));
        client.setReservedSessionMessagesHandler(new Chatter());
        client.setServiceFactories(List.of(Login.SERVICE, new ClientConnectionServiceFactory() {
            @Override
            public Service create(Session session) throws IOException {
                return new Connection((AbstractClientSession) session);
            }
        }));
    }

    /** What a connection must be opened with. */
    AttributeRepository context() {
        return AttributeRepository.ofKeyValuePair(KEY, this);
    }

    static Handshake of(Session session) {
        return ((ClientSession) session).getConnectionContext().getAttribute(KEY);
    }

    DestinationConfig destination() {
        return destination;
    }

    HostKeyPins pins() {
        return pins;
    }

    Login login() {
        return login;
    }

    /** Why the connection was ended, as the end of a sentence; empty if neither side gave a reason. */
    Optional<String> ended() {
        return ended;
    }

    /**
     * The connection ended before the server answered the login.
     *
     * @param doubtful whether it may have ended for another reason than the login
     */
    void endedDuringLogin(boolean doubtful) {
        if (ended.isEmpty()) {
            login.hungUp(doubtful).ifPresent(this::end);
        }
    }

    /**
     * Says why this client is about to hang up, before whoever waits for the server learns that the connection has ended.
     *
     * @return what ends the connection when it is thrown
     */
    SshException hangUp(String why) {
        end("Waybill hung up: " + why);
        return new SshException(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, why);
    }

    /** Only the first reason counts: the others follow from it. */
    private void end(String reason) {
        if (ended.isEmpty()) {
            ended = Optional.of(SftpFailures.clean(login.masked(reason), LONGEST_REASON));
        }
    }

    /** So many bytes of use went over the connection. */
    void moved(long bytes) {
        credit.updateAndGet(left -> Math.min(left + bytes, MOST_KEY_EXCHANGES * BYTES_PER_KEY_EXCHANGE));
    }

    private void keyExchangeBegins(Session session) {
        if (credit.addAndGet(-BYTES_PER_KEY_EXCHANGE) < 0) {
            end("Waybill hung up: the server exchanged keys " + MOST_KEY_EXCHANGES + " times and hardly anything else");
            // In a thread of its own: this one holds locks that the library needs to close the session.
            Thread.ofVirtual().name("sftp-hang-up").start(() -> session.close(true));
        }
    }

    private boolean accept(ClientSession session, PublicKey key) {
        boolean accepted = pins.accept(key, list(session.getServerKexProposals().get(KexProposalOption.SERVERKEYS)));
        keyRefused |= !accepted;
        return accepted;
    }

    /** Why the key that the server showed over this connection is not accepted; empty if it is not the reason of the end. */
    Optional<String> mismatch() {
        // Over another connection the server may have shown a key of another type.
        return keyRefused ? pins.mismatch() : Optional.empty();
    }

    private static List<String> list(@Nullable String names) {
        return names == null || names.isEmpty() ? List.of() : List.of(names.split(","));
    }

    /** Which algorithms the two sides have not in common. */
    private static Optional<String> disagreement(
            Map<KexProposalOption, String> ours, Map<KexProposalOption, String> theirs) {
        for (Map.Entry<KexProposalOption, String> purpose : PURPOSES.entrySet()) {
            List<String> offered = list(theirs.get(purpose.getKey()));
            if (list(ours.get(purpose.getKey())).stream().noneMatch(offered::contains)) {
                List<String> weak = offered.stream().filter(Security.WEAK::contains).toList();
                return Optional.of("the server offers for the " + purpose.getValue() + " only "
                        + Texts.cut(String.join(", ", offered), LONGEST_LIST) + ", and Waybill uses none of these"
                        + (weak.isEmpty()
                                ? ""
                                : "; ask the partner for a newer server, or allow weak ones with the destination's"
                                        + " algorithms.allow: " + weak));
            }
        }
        return Optional.empty();
    }

    private static final class Listener implements SessionListener {
        @Override
        public void sessionCreated(Session session) {
            Handshake handshake = of(session);
            Algorithms.propose(session, handshake.destination.security());
        }

        @Override
        public void sessionNegotiationOptionsCreated(Session session, Map<KexProposalOption, String> proposal) {
            // Before keys are exchanged again, the library sorts the algorithms by what the server takes of users.
            List<String> types = of(session).pins.preferred();
            proposal.computeIfPresent(
                    KexProposalOption.SERVERKEYS,
                    (_, names) -> String.join(",", Algorithms.sorted(list(names), types)));
        }

        @Override
        public void sessionNegotiationStart(
                Session session,
                Map<KexProposalOption, String> clientProposal,
                Map<KexProposalOption, String> serverProposal) {
            of(session).keyExchangeBegins(session);
        }

        @Override
        public void sessionNegotiationEnd(
                Session session,
                Map<KexProposalOption, String> clientProposal,
                Map<KexProposalOption, String> serverProposal,
                Map<KexProposalOption, String> negotiatedOptions,
                @Nullable Throwable reason) {
            if (reason != null) {
                disagreement(clientProposal, serverProposal).ifPresent(of(session)::end);
            }
        }

        @Override
        public void sessionException(Session session, Throwable fault) {
            // Any other exception comes from the network, and is told to whoever waits.
            if (fault instanceof SshException || fault instanceof StreamCorruptedException
                    || fault instanceof RuntimeException) {
                of(session).end("Waybill hung up: " + fault.getMessage());
            }
        }

        @Override
        public void sessionDisconnect(
                Session session, int reason, @Nullable String message, @Nullable String language, boolean initiator) {
            if (!initiator) {
                of(session).login.disconnected();
            }
            of(session).end(initiator
                    ? "Waybill hung up: " + message
                    : "the server ended the connection with the words '" + message + "'");
        }
    }

    /** Counts packets that say nothing. A server that sends nothing else takes time from the connections to others. */
    private static final class Chatter implements ReservedSessionMessagesHandler {
        @Override
        public void handleIgnoreMessage(Session session, Buffer buffer) throws Exception {
            count(session);
        }

        @Override
        public void handleDebugMessage(Session session, Buffer buffer) throws Exception {
            count(session);
        }

        @Override
        public boolean handleUnimplementedMessage(Session session, int command, Buffer buffer) throws Exception {
            count(session);
            // The library tells the server that it does not know the packet, as without this handler.
            return false;
        }

        private static void count(Session session) throws SshException {
            if (++of(session).chatter > MOST_CHATTER) {
                throw of(session).hangUp("the server sent " + MOST_CHATTER + " packets in a row that say nothing");
            }
        }
    }

    /**
     * The connection after the login. Some servers answer no keep-alive. So every packet of the server shows that it is
     * there, except those that say nothing. Whether it gets anything done is for the stall watch to decide.
     */
    private static final class Connection extends ClientConnectionService {
        private final Handshake handshake;

        Connection(AbstractClientSession session) throws SshException {
            super(session);
            handshake = of(session);
        }

        @Override
        public void process(int command, Buffer buffer) throws Exception {
            outstandingHeartbeats.set(0);
            handshake.chatter = 0;
            handshake.moved(buffer.available());
            // Until the keys are exchanged, the library keeps its answers in memory.
            handshake.duringKeyExchange =
                    getSession().getKexState() == KexState.DONE ? 0 : handshake.duringKeyExchange + 1;
            if (handshake.duringKeyExchange > MOST_CHATTER) {
                throw handshake.hangUp("the server sent " + MOST_CHATTER + " packets during a key exchange");
            }
            super.process(command, buffer);
        }

        @Override
        protected boolean sendHeartBeat() {
            handshake.moved(BYTES_PER_KEY_EXCHANGE);
            boolean last = heartbeatMaxNoReply > 0
                    && outstandingHeartbeats.get() >= heartbeatMaxNoReply
                    && getSession().getKexState() == KexState.DONE;
            if (last) {
                handshake.end("Waybill hung up: the server sent nothing for "
                        + heartbeatInterval.multipliedBy(heartbeatMaxNoReply) + ", and answered none of "
                        + heartbeatMaxNoReply + " keep-alives");
            }
            return super.sendHeartBeat();
        }
    }
}
