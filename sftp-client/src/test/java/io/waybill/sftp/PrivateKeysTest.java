package io.waybill.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys as openssl and secret stores write them. Nobody uses those of openssl 3.0; their passphrase is "hush". */
final class PrivateKeysTest {
    private static final KeyPair RSA = HandshakeServer.key("ssh-rsa", 2048);
    private static final String PASSPHRASE = "hush";

    private Path key;

    @BeforeEach
    void name(@TempDir Path directory) {
        key = directory.resolve("key");
    }

    @ParameterizedTest
    @CsvSource({
            "rsa-aes256, SHA256:LeZnS4M+nmdFfZYXJmxgJxoVFpVmip0I9zIwwGUl9/8",
            "rsa-3des, SHA256:LeZnS4M+nmdFfZYXJmxgJxoVFpVmip0I9zIwwGUl9/8",
            "ecdsa384-aes256, SHA256:h8WD+micog7HKvJ+Neaai75Xd2idRlXwcTVz+2ufdNw",
            "ed25519-aes128, SHA256:HU8NrzOVjCU+VNGAizX5De0WmKA/cy5yPWTfd8NhZvE",
    })
    void shouldOpenAnEncryptedKeyThatOpensslWrote(String name, String fingerprint) throws Exception {
        copy(name);

        KeyPair read = KeyFiles.keyPair(key, Optional.of(Secret.of(PASSPHRASE)));

        assertThat(HandshakeServer.fingerprint(read)).isEqualTo(fingerprint);
        assertUnreadable(Optional.empty(), "is encrypted; give the destination's passphrase");
        assertUnreadable(
                Optional.of("wrong"), "cannot be decrypted with the destination's passphrase", "ssh-keygen -p -f COPY");
    }

    @Test
    void shouldNameTheCommandThatConvertsAnEncryptedKeyThatCannotBeRead() throws Exception {
        copy("unreadable-scrypt");

        assertUnreadable(
                Optional.of(PASSPHRASE), "is encrypted with scrypt, which cannot be read", "PBKDF2 with AES",
                "'ssh-keygen -p -f COPY' makes an OpenSSH key of a copy");
        assertUnreadable(Optional.empty(), "is encrypted; give the destination's passphrase");
    }

    @Test
    void shouldSayThatAnEncryptedKeyIsCut() throws Exception {
        Files.writeString(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\n-----END ENCRYPTED PRIVATE KEY-----\n");

        assertUnreadable(Optional.of(PASSPHRASE), "is encrypted in a way that cannot be read", "ssh-keygen -p -f COPY");
    }

    @Test
    void shouldSayThatAKeyIsOfATypeThatNobodyUsesAnyMore() throws Exception {
        KeyPair old = KeyUtils.generateKeyPair("ssh-dss", 1024);
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(old.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");

        assertUnreadable(Optional.empty(), "is of type ssh-dss, which Waybill does not use", "ssh-ed25519");
    }

    @Test
    void shouldSayThatAKeyHasLostItsLineBreaks() throws Exception {
        try (var out = Files.newOutputStream(key)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(RSA, "test", null, out);
        }
        String text = Files.readString(key);
        Files.writeString(key, text.replace("\n", "\\n"));

        assertUnreadable(Optional.empty(), "the file has lost its line breaks");

        Files.writeString(key, text.replace("\n", " "));

        assertUnreadable(Optional.empty(), "the file has lost its line breaks");
    }

    private void assertUnreadable(Optional<String> passphrase, String... said) {
        assertThatExceptionOfType(TransferException.class)
                .isThrownBy(() -> KeyFiles.keyPair(key, passphrase.map(Secret::of)))
                .satisfies(e -> {
                    assertThat(e.kind()).as(e.getMessage()).isEqualTo(FailureKind.AUTHENTICATION);
                    assertThat(e.getMessage()).contains(said).doesNotContain(PASSPHRASE, "wrong");
                });
    }

    private void copy(String name) throws Exception {
        try (var in = PrivateKeysTest.class.getResourceAsStream("/openssl/" + name + ".pem")) {
            Files.copy(Objects.requireNonNull(in), key);
        }
    }
}
