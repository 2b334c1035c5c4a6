package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig.Security;
import io.waybill.runtime.config.Secret;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys that puttygen 0.78 made. Nobody uses them; the passphrase of those that have one is "hush". */
final class PuttyKeysTest {
    private static final KeyPair HOST_KEY = HandshakeServer.key("ecdsa-sha2-nistp256", 256);
    private static final String PASSPHRASE = "hush";

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class, ServerSessionImpl.class);

    private final SftpConnector connector = new SftpConnector();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        connector.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rsa-v2", "rsa-v2-passphrase", "rsa-v3", "rsa-v3-passphrase", "ed25519-v2",
                    "ed25519-v2-passphrase", "ed25519-v3", "ed25519-v3-passphrase", "ecdsa256-v3",
                    "ecdsa384-v2-passphrase", "ecdsa521-v3-passphrase"})
    void shouldLogInWithAKeyOfPutty(String name) throws Exception {
        boolean encrypted = name.endsWith("-passphrase");

        logIn(key(name), encrypted ? Optional.of(PASSPHRASE) : Optional.empty());
    }

    @Test
    void shouldLogInWithAKeyThatWindowsWrote() throws Exception {
        Path key = key("ed25519-v3");
        Files.writeString(key, Files.readString(key).replace("\n", "\r\n"));

        logIn(key, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-v2-passphrase", "ed25519-v3-passphrase", "ecdsa521-v3-passphrase"})
    void shouldSayWhatIsWrongWithThePassphrase(String name) throws Exception {
        Path key = key(name);

        assertUnreadable(key, Optional.empty(), "is encrypted; give the destination's passphrase");
        assertUnreadable(key, Optional.of("wrong"), "cannot be decrypted with the destination's passphrase");
    }

    @ParameterizedTest
    @CsvSource({"unreadable-ed448,", "unreadable-argon2d-passphrase,hush"})
    void shouldNameTheCommandThatConvertsAKeyThatCannotBeRead(String name, String passphrase) throws Exception {
        Path key = key(name);

        assertUnreadable(key, Optional.ofNullable(passphrase), "'puttygen " + key + " -O private-openssh -o NEW'");
    }

    @Test
    void shouldNotTakeAllMemoryBecauseAKeyAsksForIt() throws Exception {
        Path key = key("ed25519-v3-passphrase");
        Files.writeString(
                key, Files.readString(key).replaceFirst("Argon2-Memory: \\d+", "Argon2-Memory: 99999999999"));

        assertUnreadable(key, Optional.of(PASSPHRASE), "more than 131072 KiB of memory", "puttygen");
    }

    private Path key(String name) throws Exception {
        Path key = directory.resolve(name + ".ppk");
        try (var in = PuttyKeysTest.class.getResourceAsStream("/putty/" + name + ".ppk")) {
            Files.copy(Objects.requireNonNull(in), key);
        }
        return key;
    }

    /** The server knows the public key that the file tells, and proves that the private one belongs to it. */
    private void logIn(Path key, Optional<String> passphrase) throws Exception {
        List<String> lines = Files.readAllLines(key);
        int start = lines.indexOf(lines.stream().filter(line -> line.startsWith("Public-Lines: ")).findFirst()
                .orElseThrow());
        int count = Integer.parseInt(lines.get(start).substring("Public-Lines: ".length()));
        var known = new ByteArrayBuffer(Base64.getDecoder()
                .decode(lines.stream().skip(start + 1L).limit(count).collect(Collectors.joining())))
                .getRawPublicKey();
        try (var server = HandshakeServer.start(directory, List.of(HOST_KEY), ssh -> {
            ssh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
            ssh.setPublickeyAuthenticator((_, offered, _) -> KeyUtils.compareKeys(offered, known));
        });
                RemoteFiles files = connect(server, key, passphrase)) {
            assertThat(files.isOpen()).isTrue();
        }
    }

    private void assertUnreadable(Path key, Optional<String> passphrase, String... said) throws Exception {
        try (var server = HandshakeServer.start(directory, List.of(HOST_KEY), _ -> {})) {
            assertThatExceptionOfType(TransferException.class)
                    .isThrownBy(() -> connect(server, key, passphrase))
                    .satisfies(e -> {
                        assertThat(e.kind()).as(e.getMessage()).isEqualTo(FailureKind.AUTHENTICATION);
                        assertThat(e.getMessage()).contains(said).doesNotContain(PASSPHRASE, "wrong");
                    });
        }
    }

    private RemoteFiles connect(HandshakeServer server, Path key, Optional<String> passphrase)
            throws TransferException {
        var security = new Security(passphrase.map(Secret::of), Optional.empty(), Set.of(), Set.of());
        return connector.connect(server.destination(
                List.of(HandshakeServer.fingerprint(HOST_KEY)), Optional.of(key), Optional.empty(), security));
    }
}
