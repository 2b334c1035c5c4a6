package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.testkit.CaughtWarnings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that say nothing, or nothing of use, for ever. */
@Timeout(60)
final class TiresomeServersTest {
    private static final KeyPair HOST_KEY = HandshakeServer.key("ecdsa-sha2-nistp256", 256);
    private static final RemotePath REPORT = new RemotePath("/report.csv");
    private static final Duration KEEP_ALIVE = Duration.ofMillis(30);

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class, ServerSessionImpl.class);

    private final SftpConnector connector = new SftpConnector(KEEP_ALIVE);

    @TempDir
    private Path files;

    @AfterEach
    void stop() {
        connector.close();
    }

    private static void answerNoKeepAlive(SshServer server) {
        server.setGlobalRequestHandlers(List.of((_, _, _, _) -> RequestHandler.Result.Replied));
    }

    @Test
    void shouldKeepAConnectionWhoseServerAnswersAllButKeepAlives() throws Exception {
        try (var server = HandshakeServer.start(files, List.of(HOST_KEY), TiresomeServersTest::answerNoKeepAlive)) {
            RemoteFiles connection = connector.connect(server.destination(List.of(HOST_KEY), Security.DEFAULT));

            await().pollInterval(Duration.ofMillis(10))
                    .during(KEEP_ALIVE.multipliedBy(30))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> connection.stat(REPORT).isEmpty() && connection.isOpen());
        }
    }

    @Test
    void shouldHangUpOnAServerThatSendsNothingAndSaySo() throws Exception {
        try (var server = HandshakeServer.start(files, List.of(HOST_KEY), TiresomeServersTest::answerNoKeepAlive)) {
            RemoteFiles connection = connector.connect(server.destination(List.of(HOST_KEY), Security.DEFAULT));

            await().until(() -> !connection.isOpen());

            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connection.stat(REPORT))
                    .withMessageContaining("Waybill hung up: the server sent nothing for PT0.3S")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CONNECTION_LOST));
        }
    }

    @Test
    void shouldHangUpOnAServerThatSendsOnlyPacketsThatSayNothing() throws Exception {
        var flooding = new AtomicReference<Session>();
        // Answers to keep-alives say something.
        try (var rarelyAsking = new SftpConnector();
                var server = HandshakeServer.start(files, List.of(HOST_KEY), ssh -> ssh.addSessionListener(
                        new SessionListener() {
                            @Override
                            public void sessionEvent(Session session, Event event) {
                                if (event == Event.Authenticated) {
                                    flooding.set(session);
                                }
                            }
                        }))) {
            RemoteFiles connection = rarelyAsking.connect(server.destination(List.of(HOST_KEY), Security.DEFAULT));

            for (int i = 0; i <= Handshake.MOST_CHATTER && connection.isOpen(); i++) {
                flooding.get().sendIgnoreMessage(new byte[] {1});
            }
            await().until(() -> !connection.isOpen());

            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connection.stat(REPORT))
                    .withMessageContaining("packets in a row that say nothing");
        }
    }

    @Test
    void shouldTellTheWordsWithWhichTheServerEndedTheConnection() throws Exception {
        var session = new AtomicReference<Session>();
        // A question that meets a closed connection resets it, and the reset can overtake the words.
        try (var rarelyAsking = new SftpConnector(Duration.ofMinutes(1));
                var server = HandshakeServer.start(files, List.of(HOST_KEY), ssh -> ssh.addSessionListener(
                        new SessionListener() {
                            @Override
                            public void sessionCreated(Session created) {
                                session.set(created);
                            }
                        }))) {
            RemoteFiles connection = rarelyAsking.connect(server.destination(List.of(HOST_KEY), Security.DEFAULT));
            session.get().disconnect(11, "maintenance until\u001b[2J six, " + HandshakeServer.PASSWORD);
            await().until(() -> !connection.isOpen());

            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connection.stat(REPORT))
                    .withMessageContaining(
                            "the server ended the connection with the words 'maintenance until [2J six, (secret)'");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "welcome, this is the partner's machine\r\n", "no line ends", "SSH-2.0-x\r\n\u0000\u0000"})
    void shouldGiveUpOnAServerThatTalksForEverOrNotAtAllBeforeItBegins(String words) throws Exception {
        try (var talker = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var server = HandshakeServer.start(files, List.of(HOST_KEY), _ -> {})) {
            Thread.ofVirtual().start(() -> talk(talker, words));
            DestinationConfig bad = HandshakeServer.at(
                    talker.getLocalPort(), List.of(HandshakeServer.fingerprint(HOST_KEY)), Optional.empty(),
                    Optional.of(HandshakeServer.PASSWORD), Security.DEFAULT, Duration.ofSeconds(2));

            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connector.connect(bad))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE));
            assertThat(connector.connect(server.destination(List.of(HOST_KEY), Security.DEFAULT)).isOpen()).isTrue();
        }
    }

    private static void talk(ServerSocket talker, String words) {
        byte[] bytes = words.getBytes(StandardCharsets.US_ASCII);
        try (Socket client = talker.accept(); OutputStream out = client.getOutputStream()) {
            while (bytes.length > 0) {
                out.write(bytes);
            }
            // Until the other side hangs up.
            var _ = client.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The other side hung up.
            return;
        }
    }
}
