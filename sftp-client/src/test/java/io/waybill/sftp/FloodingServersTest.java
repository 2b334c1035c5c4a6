package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.testkit.CaughtWarnings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that would take the time or the memory of this process, and so of the connections to all others. */
@Timeout(40)
final class FloodingServersTest {
    private static final KeyPair HOST_KEY = HandshakeServer.key("ecdsa-sha2-nistp256", 256);
    private static final RemotePath REPORT = new RemotePath("/report.csv");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Far more than any bound. */
    private static final int MANY = 300_000;

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class, Puppet.class);

    private final SftpConnector connector = new SftpConnector();
    private final AtomicReference<Puppet> puppet = new AtomicReference<>();

    @TempDir
    private Path files;

    @AfterEach
    void stop() {
        connector.close();
    }

    /** The server's side of a session, which reads and writes as it is told. */
    private static final class Puppet extends ServerSessionImpl {
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile boolean deaf;
        private volatile boolean dropsKeyExchange;

        Puppet(ServerFactoryManager server, IoSession session) throws Exception {
            super(server, session);
        }

        @Override
        protected void handleMessage(Buffer message) throws Exception {
            int command = message.rawByte(message.rpos()) & 0xFF;
            if (deaf) {
                // The thread that reads for this session reads nothing until then.
                end.await();
            }
            boolean ofKeyExchange =
                    command >= SshConstants.SSH_MSG_KEX_FIRST && command <= SshConstants.SSH_MSG_KEX_LAST;
            if (!dropsKeyExchange || !ofKeyExchange) {
                super.handleMessage(message);
            }
        }

        /** Whatever the state of the session. */
        IoWriteFuture send(Buffer packet) throws IOException {
            return doWritePacket(packet);
        }
    }

    private HandshakeServer start() throws IOException {
        return HandshakeServer.start(files, List.of(HOST_KEY), this::pull);
    }

    private void pull(SshServer server) {
        // So that little of what the server does not read waits in the system.
        CoreModuleProperties.SOCKET_RCVBUF.set(server, 8 << 10);
        server.setSessionFactory(new SessionFactory(server) {
            @Override
            protected ServerSessionImpl doCreateSession(IoSession session) throws Exception {
                var made = new Puppet(getServer(), session);
                puppet.set(made);
                return made;
            }
        });
    }

    private RemoteFiles connect(HandshakeServer server) throws TransferException {
        return connector.connect(server.destination(List.of(HOST_KEY), Security.DEFAULT));
    }

    private Puppet puppet() {
        return Objects.requireNonNull(puppet.get());
    }

    /** The server asks, and wants an answer, as if it were a keep-alive. */
    private void ask(RemoteFiles connection) throws IOException {
        Puppet server = puppet();
        for (int i = 0; i < MANY && connection.isOpen() && server.isOpen(); i++) {
            Buffer request = server.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
            request.putString("keepalive@openssh.com");
            request.putBoolean(true);
            IoWriteFuture sent = server.send(request);
            if (i % 1000 == 0) {
                // Little of it waits on this side.
                sent.await(LIMIT);
            }
        }
    }

    private static void assertHungUp(RemoteFiles connection, String why) {
        await().atMost(LIMIT).until(() -> !connection.isOpen());
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> connection.stat(REPORT))
                .withMessageContaining("Waybill hung up: the server " + why)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CONNECTION_LOST));
    }

    @Test
    void shouldHangUpOnAServerThatExchangesKeysWithoutEnd() throws Exception {
        try (var server = start()) {
            RemoteFiles connection = connect(server);

            int exchanges = 0;
            while (connection.isOpen() && exchanges < 10 * Handshake.MOST_KEY_EXCHANGES) {
                exchanges++;
                puppet().reExchangeKeys().await(LIMIT);
                // The server begins no other exchange before this one is over at its side, too.
                await().atMost(LIMIT)
                        .until(() -> !connection.isOpen() || puppet().getKexState() == KexState.DONE);
            }

            assertHungUp(connection, "exchanged keys 20 times and hardly anything else");
            assertThat(exchanges).isLessThanOrEqualTo(Handshake.MOST_KEY_EXCHANGES + 1);
        }
    }

    @Test
    void shouldLetAServerExchangeKeysAgainAndAgainWhileFilesMove() throws Exception {
        try (var server = start()) {
            RemoteFiles connection = connect(server);
            byte[] bytes = new byte[32 << 10];

            try (RemoteFile file = connection.write(REPORT, RemoteFiles.Existing.TRUNCATE)) {
                for (int exchange = 0; exchange < 2 * Handshake.MOST_KEY_EXCHANGES; exchange++) {
                    puppet().reExchangeKeys().verify(LIMIT);
                    for (int sent = 0; sent <= 1 << 20; sent += bytes.length) {
                        file.write(bytes, bytes.length);
                    }
                }
                assertThat(file.finish().size()).isPresent();
            }
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void shouldHangUpOnAServerThatAsksAndNeverReads() throws Exception {
        try (var server = start()) {
            RemoteFiles connection = connect(server);
            puppet().deaf = true;
            try {
                ask(connection);

                assertHungUp(connection, "does not read");
            } finally {
                puppet().end.countDown();
            }
        }
    }

    @Test
    void shouldHangUpOnAServerThatBeginsAKeyExchangeAndAsksInsteadOfEndingIt() throws Exception {
        try (var server = start()) {
            RemoteFiles connection = connect(server);
            puppet().dropsKeyExchange = true;
            var _ = puppet().reExchangeKeys();
            await().until(() -> puppet().getKexState() != KexState.DONE);

            ask(connection);

            assertHungUp(connection, "sent 10000 packets during a key exchange");
        }
    }

    /** A length that no packet has, behind the number of each kind of packet. */
    @ParameterizedTest
    @ValueSource(
            bytes = {1, 2, 3, 4, 5, 6, 7, 20, 21, 30, 31, 50, 51, 52, 53, 60, 80, 81, 82, 90, 91, 92, 93, 94, 95, 96,
                    97, 98,
                    99, 100, -64})
    void shouldLoseNoMoreThanTheConnectionOverAPacketThatCannotBeRead(byte command) throws Exception {
        try (var server = start()) {
            RemoteFiles connection = connect(server);
            Buffer cut = puppet().createBuffer(command);
            cut.putInt(Integer.MAX_VALUE);
            puppet().send(cut).await(LIMIT);

            try {
                assertThat(connection.stat(REPORT)).isEmpty();
            } catch (TransferException e) {
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(FailureKind.CONNECTION_LOST);
                assertThat(connection.isOpen()).isFalse();
            }
            try (RemoteFiles next = connect(server)) {
                assertThat(next.stat(REPORT)).isEmpty();
            }
        }
    }

    @Test
    void shouldHangUpOnAServerThatTakesABytePerPacket() throws Exception {
        try (var server = HandshakeServer.start(files, List.of(HOST_KEY), ssh -> {
            pull(ssh);
            CoreModuleProperties.MAX_PACKET_SIZE.set(ssh, 16L);
        })) {
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connect(server))
                    .withMessageContaining("takes packets of 16 bytes only")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CONNECTION_LOST));
        }
    }

    @Test
    void shouldGiveUpOnAServerThatSendsBannersInsteadOfAnAnswerToTheLogin() throws Exception {
        try (var server = HandshakeServer.start(files, List.of(HOST_KEY), ssh -> {
            pull(ssh);
            ssh.setPasswordAuthenticator((_, _, session) -> {
                sendBanners(session);
                return false;
            });
        })) {
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connect(server))
                    .withMessageContaining("Waybill hung up: the server sent more than 100 banners")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE));
        }
    }

    private static void sendBanners(ServerSession session) {
        try {
            for (int i = 0; i < 1000 && session.isOpen(); i++) {
                Buffer banner = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_BANNER);
                banner.putString("Only for members of staff.");
                banner.putString("");
                session.writePacket(banner).await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (IOException e) {
            // The client hung up.
            return;
        }
    }
}
