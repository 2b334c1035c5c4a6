package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that offer only what is broken or too short today. */
final class AlgorithmsTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class, ServerSessionImpl.class);

    private final SftpConnector connector = new SftpConnector();
    private final KeyPair hostKey = HandshakeServer.key("ssh-rsa", 2048);

    @TempDir
    private Path files;

    @AfterEach
    void stop() {
        connector.close();
    }

    private enum Weak {
        KEY_EXCHANGE(
                "diffie-hellman-group14-sha1",
                "key exchange",
                server -> server.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                        true, List.of(BuiltinDHFactories.fromFactoryName("diffie-hellman-group14-sha1")),
                        ServerBuilder.DH2KEX))),
        HOST_KEY("ssh-rsa", "host key", server -> server.setSignatureFactories(List.of(BuiltinSignatures.rsa))),
        CIPHER("aes256-cbc", "cipher", server -> server.setCipherFactories(List.of(BuiltinCiphers.aes256cbc))),
        MAC("hmac-sha1", "MAC", server -> {
            server.setCipherFactories(List.of(BuiltinCiphers.aes128ctr));
            server.setMacFactories(List.of(BuiltinMacs.hmacsha1));
        });

        private final String name;
        private final String purpose;
        @SuppressWarnings("ImmutableEnumChecker") // It captures nothing.
        private final Consumer<SshServer> setUp;

        Weak(String name, String purpose, Consumer<SshServer> setUp) {
            this.name = name;
            this.purpose = purpose;
            this.setUp = setUp;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotConnectToAServerThatOffersOnlyAWeakAlgorithm(Weak weak) throws Exception {
        try (var server = HandshakeServer.start(files, List.of(hostKey), weak.setUp)) {
            var destination = server.destination(List.of(hostKey), Security.DEFAULT);

            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connector.connect(destination))
                    .withMessageContaining("for the " + weak.purpose + " only " + weak.name)
                    .withMessageContaining("algorithms.allow: [" + weak.name + "]")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldConnectToItWhereTheDestinationAllowsThatAndShowItAsWeak(Weak weak) throws Exception {
        try (var server = HandshakeServer.start(files, List.of(hostKey), weak.setUp)) {
            var destination = server.destination(List.of(hostKey), allowing(Set.of(weak.name)));

            ServerReport report =
                    connector.probe(destination, new RemotePath("/.probe"), ProcessClock.system());

            assertThat(report.algorithms().values())
                    .filteredOn(ServerReport.Algorithm::weak)
                    .extracting(ServerReport.Algorithm::used)
                    .containsExactly(weak.name);
        }
    }

    @Test
    void shouldPreferAModernAlgorithmWhateverIsAllowed() throws Exception {
        try (var server = HandshakeServer.start(files, List.of(hostKey), _ -> {})) {
            var destination = server.destination(List.of(hostKey), allowing(Set.copyOf(Security.WEAK)));

            ServerReport report =
                    connector.probe(destination, new RemotePath("/.probe"), ProcessClock.system());

            assertThat(report.algorithms().values()).noneMatch(ServerReport.Algorithm::weak);
        }
    }

    @Test
    void shouldProposeNothingWeakUnlessItIsAllowedAndThenAllOfIt() {
        SshClient client = SshClient.setUpDefaultClient();

        Algorithms.proposeModern(client);
        assertThat(proposed(client)).isNotEmpty().doesNotContainAnyElementsOf(Security.WEAK)
                .noneMatch(name -> name.contains("sha1") || name.contains("cbc") || name.contains("md5"));

        Algorithms.propose(client, allowing(Set.copyOf(Security.WEAK)));
        assertThat(proposed(client)).containsAll(Security.WEAK);
    }

    private static Security allowing(Set<String> names) {
        return new Security(Optional.empty(), Optional.empty(), Set.of(), names);
    }

    private static List<String> proposed(SshClient client) {
        return Stream.of(
                client.getKeyExchangeFactories(),
                client.getSignatureFactories(),
                client.getCipherFactories(),
                client.getMacFactories())
                .<NamedResource>flatMap(List::stream)
                .map(NamedResource::getName)
                .toList();
    }
}
