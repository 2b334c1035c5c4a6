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
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.PasswordChangeRequiredException;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which servers let people in, and what is said where they do not. */
final class LoginTest {
    private static final KeyPair HOST_KEY = HandshakeServer.key("ecdsa-sha2-nistp256", 256);
    private static final KeyPair RSA = HandshakeServer.key("ssh-rsa", 2048);

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(ClientSessionImpl.class, ServerSessionImpl.class);

    private final SftpConnector connector = new SftpConnector();
    private final KeyPair user = HandshakeServer.key("ecdsa-sha2-nistp256", 256);
    private final AtomicInteger passwords = new AtomicInteger();
    private Optional<HandshakeServer> server = Optional.empty();

    @TempDir
    private Path directory;

    private Path key;

    @BeforeEach
    void writeKey() throws Exception {
        key = directory.resolve("key");
        write(user, null);
        Files.createDirectory(directory.resolve("files"));
    }

    @AfterEach
    void stop() throws Exception {
        connector.close();
        if (server.isPresent()) {
            server.get().close();
        }
    }

    private void write(KeyPair pair, @Nullable OpenSSHKeyEncryptionContext encryption) throws Exception {
        try (var out = Files.newOutputStream(key)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", encryption, out);
        }
    }

    private void start(Consumer<SshServer> setUp) throws Exception {
        server = Optional.of(HandshakeServer.start(directory.resolve("files"), List.of(HOST_KEY), ssh -> {
            ssh.setPublickeyAuthenticator((_, offered, _) -> KeyUtils.compareKeys(offered, user.getPublic())
                    || KeyUtils.compareKeys(offered, RSA.getPublic()));
            ssh.setPasswordAuthenticator((_, password, _) -> {
                passwords.incrementAndGet();
                return password.equals(HandshakeServer.PASSWORD);
            });
            ssh.setKeyboardInteractiveAuthenticator(asking("Password for partner:"));
            setUp.accept(ssh);
        }));
    }

    private KeyboardInteractiveAuthenticator asking(String... prompts) {
        return new KeyboardInteractiveAuthenticator() {
            @Override
            public InteractiveChallenge generateChallenge(
                    ServerSession session, String username, String lang, String subMethods) {
                var challenge = new InteractiveChallenge();
                challenge.setInteractionName("");
                challenge.setInteractionInstruction("");
                challenge.setLanguageTag("");
                List.of(prompts).forEach(prompt -> challenge.addPrompt(prompt, false));
                return challenge;
            }

            @Override
            public boolean authenticate(ServerSession session, String username, List<String> responses) {
                passwords.incrementAndGet();
                return responses.equals(List.of(HandshakeServer.PASSWORD));
            }
        };
    }

    private RemoteFiles connect(Optional<Path> with, Optional<String> password, Security security)
            throws TransferException {
        return connector.connect(server.orElseThrow()
                .destination(List.of(HandshakeServer.fingerprint(HOST_KEY)), with, password, security));
    }

    private void assertLetsIn(Optional<Path> with, Optional<String> password, Security security) throws Exception {
        try (RemoteFiles files = connect(with, password, security)) {
            assertThat(files.isOpen()).isTrue();
        }
    }

    private void assertRefused(Optional<Path> with, Optional<String> password, Security security, String... said) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> connect(with, password, security))
                .satisfies(e -> {
                    assertThat(e.kind()).as(e.getMessage()).isEqualTo(FailureKind.AUTHENTICATION);
                    assertThat(e.getMessage()).contains(said).doesNotContain(HandshakeServer.PASSWORD);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password for partner:", "Kennwort: ", "PIN"})
    void shouldAnswerTheOnlyQuestionOfAServerThatOnlyAsks(String prompt) throws Exception {
        start(ssh -> {
            ssh.setUserAuthFactories(List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
            ssh.setKeyboardInteractiveAuthenticator(asking(prompt));
        });

        assertLetsIn(Optional.empty(), Optional.of(HandshakeServer.PASSWORD), Security.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"publickey,password", "password,publickey", "publickey,keyboard-interactive",
                    "keyboard-interactive,publickey"})
    void shouldGiveKeyAndPasswordInWhateverOrderTheServerAsks(String order) throws Exception {
        start(ssh -> CoreModuleProperties.AUTH_METHODS.set(ssh, order));

        assertLetsIn(Optional.of(key), Optional.of(HandshakeServer.PASSWORD), Security.DEFAULT);
    }

    @Test
    void shouldSendARefusedPasswordOnlyOnce() throws Exception {
        start(_ -> {});

        assertRefused(Optional.empty(), Optional.of("wrong"), Security.DEFAULT,
                "refused user 'partner' with the configured password", "the server offers", "Ask the partner");
        assertThat(passwords).hasValue(1);
    }

    @Test
    void shouldTakeItForARefusalWhereAServerHangsUpOnThePasswordTwice() throws Exception {
        start(ssh -> ssh.setPasswordAuthenticator((_, _, session) -> {
            passwords.incrementAndGet();
            session.close(true);
            return false;
        }));

        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> connect(Optional.empty(), Optional.of("wrong"), Security.DEFAULT))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE);
                    assertThat(e.getMessage()).contains("ended right after the server got the configured password");
                });
        assertRefused(Optional.empty(), Optional.of("wrong"), Security.DEFAULT,
                "hung up without a word on user 'partner' with the configured password");
        assertThat(passwords).hasValue(2);
    }

    @Test
    void shouldNotTakeItForARefusalWhereAServerHasEnoughOfAUserWhoIsIn() throws Exception {
        var full = new AtomicBoolean();
        start(ssh -> ssh.setPasswordAuthenticator((_, _, session) -> {
            if (full.get()) {
                session.close(true);
            }
            return true;
        }));

        try (RemoteFiles files = connect(Optional.empty(), Optional.of("right"), Security.DEFAULT)) {
            full.set(true);
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(TransferException.class)
                        .isThrownBy(() -> connect(Optional.empty(), Optional.of("right"), Security.DEFAULT))
                        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE));
            }
            assertThat(files.isOpen()).isTrue();
        }
    }

    @Test
    void shouldNotSayThatAPasswordWasRefusedThatWasNotSent() throws Exception {
        start(ssh -> ssh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE)));

        assertRefused(Optional.empty(), Optional.of("right"), Security.DEFAULT,
                "with the configured password, so nothing was sent", "the server offers publickey");
    }

    @Test
    void shouldSayThatTheServerWantsMoreThanTheConfigurationHas() throws Exception {
        start(ssh -> CoreModuleProperties.AUTH_METHODS.set(ssh, "publickey,password"));

        assertRefused(Optional.of(key), Optional.empty(), Security.DEFAULT,
                "took the configured private key of user 'partner' and asks for more", "password");
    }

    @Test
    void shouldSayWhichKeyWasRefused() throws Exception {
        write(HandshakeServer.key("ecdsa-sha2-nistp256", 256), null);
        start(ssh -> ssh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE)));

        assertRefused(Optional.of(key), Optional.of("unused"), Security.DEFAULT,
                "refused user 'partner' with the configured private key", "has this key, SHA256:");
    }

    @Test
    void shouldSayThatAnOldServerMayKnowOnlyOldSignatures() throws Exception {
        write(RSA, null);
        start(ssh -> {
            ssh.setKexExtensionHandler(null);
            ssh.setSignatureFactories(List.of(BuiltinSignatures.nistp256, BuiltinSignatures.rsa));
            ssh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        });

        assertRefused(Optional.of(key), Optional.empty(), Security.DEFAULT,
                "an old server may know RSA keys only with SHA-1", "algorithms.allow: [ssh-rsa]");
        assertLetsIn(Optional.of(key), Optional.empty(),
                new Security(Optional.empty(), Optional.empty(), Set.of(), Set.of("ssh-rsa")));
    }

    @Test
    void shouldSayThatTheServerAsksWhatNobodyCanAnswer() throws Exception {
        start(ssh -> {
            ssh.setUserAuthFactories(
                    List.of(UserAuthPasswordFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE));
            CoreModuleProperties.AUTH_METHODS.set(ssh, "keyboard-interactive");
            ssh.setKeyboardInteractiveAuthenticator(new KeyboardInteractiveAuthenticator() {
                @Override
                public InteractiveChallenge generateChallenge(
                        ServerSession session, String username, String lang, String subMethods) throws Exception {
                    InteractiveChallenge challenge =
                            asking("Password:").generateChallenge(session, username, lang, subMethods);
                    challenge.addPrompt("One-time code:", true);
                    return challenge;
                }

                @Override
                public boolean authenticate(ServerSession session, String username, List<String> responses) {
                    return false;
                }
            });
        });

        assertRefused(Optional.empty(), Optional.of("right"), Security.DEFAULT,
                "'Password: One-time code:', which Waybill cannot answer");
    }

    @Test
    void shouldNotRepeatThePasswordThatAServerRepeats() throws Exception {
        start(ssh -> {
            ssh.setUserAuthFactories(List.of(UserAuthKeyboardInteractiveFactory.INSTANCE));
            ssh.setKeyboardInteractiveAuthenticator(
                    asking("You said " + HandshakeServer.PASSWORD + ", now the code for it:", "Again:"));
        });

        assertRefused(Optional.empty(), Optional.of(HandshakeServer.PASSWORD), Security.DEFAULT,
                "'You said (secret), now the code for it: Again:'");
    }

    @Test
    void shouldSayThatThePasswordHasExpired() throws Exception {
        start(ssh -> ssh.setPasswordAuthenticator((name, _, _) -> {
            throw new PasswordChangeRequiredException(name, "too old", "en");
        }));

        assertRefused(Optional.empty(), Optional.of("right"), Security.DEFAULT,
                "wants a new password of user 'partner'");
    }

    @Test
    void shouldOpenAnEncryptedKeyWithItsPassphrase() throws Exception {
        var encryption = new OpenSSHKeyEncryptionContext();
        encryption.setCipherName("AES");
        encryption.setCipherType("256");
        encryption.setPassword("hush");
        write(user, encryption);
        start(_ -> {});

        assertLetsIn(Optional.of(key), Optional.empty(), withPassphrase("hush"));
        assertRefused(Optional.of(key), Optional.empty(), Security.DEFAULT, "is encrypted; give the destination's");
        assertRefused(Optional.of(key), Optional.empty(), withPassphrase("wrong"), "cannot be decrypted with");
    }

    private static Security withPassphrase(String passphrase) {
        return new Security(Optional.of(Secret.of(passphrase)), Optional.empty(), Set.of(), Set.of());
    }

    @Test
    void shouldSayHowToConvertAKeyThatPuttyWrote() throws Exception {
        Files.writeString(key, "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n");
        start(_ -> {});

        assertRefused(Optional.of(key), Optional.empty(), Security.DEFAULT, "puttygen " + key + " -O private-openssh");
    }

    @Test
    void shouldLogInWithACertificate() throws Exception {
        KeyPair authority = HandshakeServer.key("ecdsa-sha2-nistp256", 256);
        Path file = certificate(user.getPublic(), authority);
        start(ssh -> {
            ssh.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
            ssh.setPublickeyAuthenticator((_, offered, _) -> offered instanceof OpenSshCertificate proof
                    && KeyUtils.compareKeys(proof.getCaPubKey(), authority.getPublic()));
        });

        assertLetsIn(Optional.of(key), Optional.empty(), withCertificate(file));
        assertRefused(Optional.of(key), Optional.empty(), Security.DEFAULT, "with the configured private key");
        assertRefused(Optional.of(key), Optional.empty(), withCertificate(certificate(RSA.getPublic(), authority)),
                "belongs to another private key");
    }

    private static Security withCertificate(Path file) {
        return new Security(Optional.empty(), Optional.of(file), Set.of(), Set.of());
    }

    private Path certificate(PublicKey of, KeyPair authority) throws Exception {
        OpenSshCertificate made = OpenSshCertificateBuilder.userCertificate()
                .id("waybill")
                .serial(1)
                .publicKey(of)
                .principals(List.of(HandshakeServer.USER))
                .validAfter(Instant.now().minus(Duration.ofHours(1)))
                .validBefore(Instant.now().plus(Duration.ofHours(1)))
                .sign(authority);
        return Files.writeString(directory.resolve("key-cert.pub"), PublicKeyEntry.toString(made));
    }
}
