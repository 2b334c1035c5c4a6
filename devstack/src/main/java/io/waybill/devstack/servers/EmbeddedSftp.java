package io.waybill.devstack.servers;

import io.waybill.devstack.servers.s3.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/**
 * A partner's SFTP server over a local folder. Its clients see the folder as the root and cannot leave it.
 *
 * <p>It knows one user, {@code partner}, with a password ({@code partner}) or with the key pair in the client key file.
 * The first start makes host key and client key. Later starts use the same keys, so the fingerprint to pin is stable.
 *
 * <p>One thread starts and closes it.
 */
public final class EmbeddedSftp implements AutoCloseable {
    public static final String USER = "partner";
    public static final String PASSWORD = "partner";

    private static final int LARGEST_READ = 256 * 1024;
    private static final int RANDOM_HANDLE_BYTES = 16;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final Path rootDir;
    private final Path hostKeyFile;
    private final Path clientKeyFile;
    private final int wantedPort;
    private final DiskSpace space;
    private @Nullable SshServer server;
    private @Nullable KeyPair hostKey;

    /**
     * @param rootDir       the folder that clients see as {@code /}; the server makes it if it does not exist
     * @param hostKeyFile   the server makes it if it does not exist, with its public half beside it
     * @param clientKeyFile the private key with which {@code partner} may log in; the server makes it in the same way
     * @param port          or 0 for a free one
     */
    public EmbeddedSftp(Path rootDir, Path hostKeyFile, Path clientKeyFile, int port) {
        this(rootDir, hostKeyFile, clientKeyFile, port, new DiskSpace(rootDir));
    }

    /** The same, with a given eye on the disk. */
    EmbeddedSftp(Path rootDir, Path hostKeyFile, Path clientKeyFile, int port, DiskSpace space) {
        this.rootDir = Objects.requireNonNull(rootDir, "rootDir");
        this.hostKeyFile = Objects.requireNonNull(hostKeyFile, "hostKeyFile");
        this.clientKeyFile = Objects.requireNonNull(clientKeyFile, "clientKeyFile");
        this.wantedPort = port;
        this.space = space;
    }

    /** Returns when the server accepts connections. */
    public void start() throws IOException {
        Files.createDirectories(rootDir);
        var identity = SshKeyFile.readOrCreate(hostKeyFile, "waybill-embedded-host");
        var partnerKey = SshKeyFile.readOrCreate(clientKeyFile, "waybill-embedded-partner").getPublic();
        var starting = SshServer.setUpDefaultServer();
        // Otherwise an answer waits up to 40 ms until the client's kernel acknowledges the answer before it.
        CoreModuleProperties.TCP_NODELAY.set(starting, true);
        starting.setHost("127.0.0.1");
        starting.setPort(wantedPort);
        starting.setKeyPairProvider(KeyPairProvider.wrap(identity));
        starting.setPasswordAuthenticator(
                (user, password, _) -> USER.equals(user) && PASSWORD.equals(password));
        starting.setPublickeyAuthenticator((user, key, _) -> USER.equals(user) && isSame(partnerKey, key));
        // These are without ChaCha20. OpenSSH's client would choose it, and the JVM computes it eight times slower.
        starting.setCipherFactories(List.of(
                BuiltinCiphers.aes128gcm,
                BuiltinCiphers.aes256gcm,
                BuiltinCiphers.aes128ctr,
                BuiltinCiphers.aes256ctr));
        starting.setFileSystemFactory(new VirtualFileSystemFactory(rootDir.toRealPath()));
        starting.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder()
                .withFileSystemAccessor(new ConfinedFileAccess(space))
                .withSftpErrorStatusDataHandler(new ConfinedFileAccess.FullDisk())
                .build()));
        SftpModuleProperties.MAX_READDATA_PACKET_LENGTH.set(starting, LARGEST_READ);
        SftpModuleProperties.AUTO_FOLLOW_LINKS.set(starting, false);
        // Random handles. SSHD 2.20 counts handles of the default size. After a failed open the count gives a handle
        // that is in use, and then two files of one client become one.
        SftpModuleProperties.FILE_HANDLE_SIZE.set(starting, RANDOM_HANDLE_BYTES);
        starting.start();
        hostKey = identity;
        server = starting;
    }

    /** Valid after the start. */
    public int port() {
        return Objects.requireNonNull(server, "not started").getPort();
    }

    /** The fingerprint as OpenSSH prints and pins it, {@code SHA256:...}. Valid after the start. */
    public String hostKeyFingerprint() {
        return KeyUtils.getFingerPrint(
                BuiltinDigests.sha256, Objects.requireNonNull(hostKey, "not started").getPublic());
    }

    /** Breaks the open sessions. Waits two seconds at most. */
    @Override
    public void close() throws IOException {
        var stopping = server;
        server = null;
        if (stopping != null) {
            stopping.close(true).await(CLOSE_LIMIT);
        }
    }

    private static boolean isSame(PublicKey known, PublicKey offered) {
        return KeyUtils.compareKeys(known, offered);
    }
}
