package io.waybill.devstack.servers;

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
 * A partner's SFTP server over a local folder, which its clients see as the root and cannot leave.
 *
 * <p>It knows one user, {@code partner}, by password ({@code partner}) or by the key pair in the client key
 * file. Host key and client key are made at the first start and kept, so the fingerprint to pin is stable.
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
    private @Nullable SshServer server;
    private @Nullable KeyPair hostKey;

    /**
     * @param rootDir what clients see as {@code /}; made when absent
     * @param hostKeyFile made when absent, with its public half beside it
     * @param clientKeyFile the private key with which {@code partner} may log in; made likewise
     * @param port or 0 for a free one
     */
    public EmbeddedSftp(Path rootDir, Path hostKeyFile, Path clientKeyFile, int port) {
        this.rootDir = Objects.requireNonNull(rootDir, "rootDir");
        this.hostKeyFile = Objects.requireNonNull(hostKeyFile, "hostKeyFile");
        this.clientKeyFile = Objects.requireNonNull(clientKeyFile, "clientKeyFile");
        this.wantedPort = port;
    }

    /** Returns when the server accepts connections. */
    public void start() throws IOException {
        Files.createDirectories(rootDir);
        var identity = SshKeyFile.readOrCreate(hostKeyFile, "waybill-embedded-host");
        var partnerKey = SshKeyFile.readOrCreate(clientKeyFile, "waybill-embedded-partner").getPublic();
        var starting = SshServer.setUpDefaultServer();
        // Else an answer waits up to 40 ms for the client's kernel to acknowledge the one before.
        CoreModuleProperties.TCP_NODELAY.set(starting, true);
        starting.setHost("127.0.0.1");
        starting.setPort(wantedPort);
        starting.setKeyPairProvider(KeyPairProvider.wrap(identity));
        starting.setPasswordAuthenticator(
                (user, password, _) -> USER.equals(user) && PASSWORD.equals(password));
        starting.setPublickeyAuthenticator((user, key, _) -> USER.equals(user) && isSame(partnerKey, key));
        // Without ChaCha20, which OpenSSH's client would choose and the JVM computes eight times slower.
        starting.setCipherFactories(List.of(
                BuiltinCiphers.aes128gcm,
                BuiltinCiphers.aes256gcm,
                BuiltinCiphers.aes128ctr,
                BuiltinCiphers.aes256ctr));
        starting.setFileSystemFactory(new VirtualFileSystemFactory(rootDir.toRealPath()));
        starting.setSubsystemFactories(List.of(new SftpSubsystemFactory.Builder()
                .withFileSystemAccessor(new ConfinedFileAccess())
                .build()));
        SftpModuleProperties.MAX_READDATA_PACKET_LENGTH.set(starting, LARGEST_READ);
        SftpModuleProperties.AUTO_FOLLOW_LINKS.set(starting, false);
        // Random handles. Those of the default size are counted, and after an open that failed the count of SSHD 2.20
        // gives a handle that is in use: one client's two files then become one.
        SftpModuleProperties.FILE_HANDLE_SIZE.set(starting, RANDOM_HANDLE_BYTES);
        starting.start();
        hostKey = identity;
        server = starting;
    }

    /** Valid once started. */
    public int port() {
        return Objects.requireNonNull(server, "not started").getPort();
    }

    /** As OpenSSH prints and pins it, {@code SHA256:...}. Valid once started. */
    public String hostKeyFingerprint() {
        return KeyUtils.getFingerPrint(
                BuiltinDigests.sha256, Objects.requireNonNull(hostKey, "not started").getPublic());
    }

    /** Breaks the sessions there are; waits two seconds at most. */
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
