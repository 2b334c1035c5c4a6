package io.waybill.sftp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a key of each type, as most have, of which one is pinned. */
final class HostKeyTypesTest {
    private static final Map<String, KeyPair> KEYS = Map.of(
            "ecdsa-sha2-nistp256", HandshakeServer.key("ecdsa-sha2-nistp256", 256),
            "ssh-ed25519", HandshakeServer.key("ssh-ed25519", 256),
            "ssh-rsa", HandshakeServer.key("ssh-rsa", 2048));

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class, ServerSessionImpl.class);

    private final SftpConnector connector = new SftpConnector();
    private HandshakeServer server;

    @BeforeEach
    void start(@TempDir Path files) throws Exception {
        server = HandshakeServer.start(files, List.copyOf(KEYS.values()), _ -> {});
    }

    @AfterEach
    void stop() throws Exception {
        connector.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa"})
    void shouldConnectWhicheverKeyIsPinnedAndAskForItNextTime(String type) throws Exception {
        KeyPair pinned = requireNonNull(KEYS.get(type));
        var destination = server.destination(List.of(pinned), Security.DEFAULT);

        try (RemoteFiles files = connector.connect(destination)) {
            assertThat(files.hostKey()).isEqualTo(HandshakeServer.fingerprint(pinned));
            ((SftpSession) files).connection().reExchangeKeys().verify(Duration.ofSeconds(30));
            files.ping();
        }

        int before = server.connections.get();
        connector.connect(destination).close();
        assertThat(server.connections.get() - before).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa"})
    void shouldAskAtOnceForTheTypeThatTheConfigurationTells(String type) throws Exception {
        var security = new Security(Optional.empty(), Optional.empty(), Set.of(type), Set.of());

        connector.connect(server.destination(List.of(requireNonNull(KEYS.get(type))), security)).close();

        assertThat(server.connections).hasValue(1);
    }

    @Test
    void shouldNameEveryKeyThatTheServerHasWhereNoneIsPinned() {
        var destination =
                server.destination(List.of(HandshakeServer.key("ecdsa-sha2-nistp256", 256)), Security.DEFAULT);

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> connector.connect(destination))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.HOST_KEY);
                    KEYS.forEach((type, key) -> assertThat(e.getMessage())
                            .contains(HandshakeServer.fingerprint(key) + " (" + type + ")"));
                });
        assertThat(server.connections).hasValue(3);
    }

    /** Otherwise a line that breaks once keeps all files waiting for as long as a wrong key does. */
    @Test
    void shouldNotBlameTheKeyWhereTheConnectionThatWouldShowThePinnedOneBreaks(@TempDir Path files) throws Exception {
        KeyPair shown = requireNonNull(KEYS.get("ecdsa-sha2-nistp256"));
        KeyPair pinned = requireNonNull(KEYS.get("ssh-ed25519"));
        var sessions = new AtomicInteger();
        try (var twoKeys = HandshakeServer.start(files, List.of(shown, pinned), ssh -> ssh.addSessionListener(
                new SessionListener() {
                    @Override
                    public void sessionCreated(Session session) {
                        if (sessions.incrementAndGet() == 2) {
                            session.close(true);
                        }
                    }
                }))) {
            var destination = twoKeys.destination(List.of(pinned), Security.DEFAULT);

            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connector.connect(destination))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE));

            connector.connect(destination).close();
        }
    }

    @Test
    void shouldNotAskForEverAServerThatShowsAnotherTypeThanItAgreesTo() {
        var pins = new HostKeyPins(List.of("SHA256:pinned"), List.of());
        List<String> offered = List.of("ssh-ed25519", "rsa-sha2-512", "ecdsa-sha2-nistp256");

        int connections = 0;
        do {
            // Whatever was agreed, it shows a new key of one and the same type.
            assertThat(pins.accept(HandshakeServer.key("ecdsa-sha2-nistp256", 256).getPublic(), offered)).isFalse();
            connections++;
        } while (connections < 10 && pins.another());

        assertThat(connections).isLessThanOrEqualTo(offered.size());
        assertThat(pins.mismatch()).isPresent();
    }
}
