package io.waybill.devstack.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 key pair in a file that OpenSSH can read, too. It is made once and then kept. The public half is beside it
 * in {@code NAME.pub}.
 */
final class SshKeyFile {
    private static final @Nullable OpenSSHKeyEncryptionContext NOT_ENCRYPTED = null;

    private SshKeyFile() {}

    /** Reads the pair, or makes it if the file does not exist. A file never appears half-written. */
    static KeyPair readOrCreate(Path file, String comment) throws IOException {
        try {
            if (!Files.exists(file)) {
                create(file, comment);
            }
            return read(file);
        } catch (GeneralSecurityException unusable) {
            throw new IOException("cannot use the SSH key in " + file, unusable);
        }
    }

    private static KeyPair read(Path file) throws IOException, GeneralSecurityException {
        try (var content = Files.newInputStream(file)) {
            var found = SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(file.toString()), content, null);
            for (KeyPair pair : found) {
                return pair;
            }
        }
        throw new GeneralSecurityException("there is no key pair in " + file);
    }

    private static void create(Path file, String comment) throws IOException, GeneralSecurityException {
        var folder = Files.createDirectories(file.toAbsolutePath().getParent());
        var pair = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        try (var content = Files.newOutputStream(folder.resolve(file.getFileName() + ".pub"))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePublicKey(pair.getPublic(), comment, content);
        }
        var draft = Files.createTempFile(folder, "key", null, ownerOnly());
        try (var content = Files.newOutputStream(draft)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, comment, NOT_ENCRYPTED, content);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }
}
