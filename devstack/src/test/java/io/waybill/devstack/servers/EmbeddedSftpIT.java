package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waybill.devstack.servers.s3.DiskSpace;
import io.waybill.testkit.CaughtWarnings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.extensions.SftpClientExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHFsyncExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHLimitsExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedSftpIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path OPENSSH_CLIENT = Path.of("/usr/bin/sftp");

    @TempDir
    Path dir;

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(DiskSpace.class);

    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private EmbeddedSftp server;

    @BeforeEach
    void start() throws IOException {
        server = newServer();
        server.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void shouldRefuseToBeginAFileWhenTheDiskIsAlmostFull() throws Exception {
        free.set(1);
        inSession(sftp -> assertThatThrownBy(() -> write(sftp, "/more", "content"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left"));
        assertThat(dir.resolve("root/more")).doesNotExist();
    }

    private EmbeddedSftp newServer() {
        return new EmbeddedSftp(dir.resolve("root"), dir.resolve("host_key"), dir.resolve("client_key"), 0,
                new DiskSpace(dir, free::get));
    }

    @Test
    void shouldPublishByAtomicRenameOverAnOlderFile() throws Exception {
        inSession(sftp -> {
            // Given
            write(sftp, "/final.txt", "old");
            write(sftp, "/.staging", "new content");

            // When
            extension(sftp, OpenSSHPosixRenameExtension.class).posixRename("/.staging", "/final.txt");

            // Then
            assertThat(dir.resolve("root/final.txt")).hasContent("new content");
            assertThat(dir.resolve("root/.staging")).doesNotExist();
        });
    }

    @Test
    void shouldOfferFsyncAndLimits() throws Exception {
        inSession(sftp -> {
            // When
            try (var handle = sftp.open("/synced", OpenMode.Write, OpenMode.Create)) {
                extension(sftp, OpenSSHFsyncExtension.class).fsync(handle);
            }

            // Then
            assertThat(extension(sftp, OpenSSHLimitsExtension.class).limits().maxReadLength)
                    .isGreaterThanOrEqualTo(256 * 1024);
        });
    }

    @Test
    void shouldKeepAnyName() throws Exception {
        inSession(sftp -> {
            // When
            write(sftp, "/ümläut +% 文件 😀.txt", "content");

            // Then
            assertThat(dir.resolve("root/ümläut +% 文件 😀.txt")).hasContent("content");
        });
    }

    @Test
    void shouldNotLetAClientOutOfTheRoot() throws Exception {
        // Given
        Files.writeString(dir.resolve("secret"), "secret");

        inSession(sftp -> {
            // When, Then
            assertThatThrownBy(() -> sftp.stat("/../secret")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.stat("../../secret")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.symLink("/link", dir.resolve("secret").toString()))
                    .isInstanceOf(IOException.class);
        });
    }

    @Test
    void shouldTakeTheRootForItsOwnParent() throws Exception {
        inSession(sftp -> {
            // When
            write(sftp, "/../../planted", "content");

            // Then
            assertThat(dir.resolve("planted")).doesNotExist();
            assertThat(dir.resolve("root/planted")).hasContent("content");
        });
    }

    @Test
    void shouldKeepItsHostKeyOverARestart() throws Exception {
        // Given
        var before = server.hostKeyFingerprint();
        server.close();

        // When
        server = newServer();
        server.start();

        // Then
        assertThat(server.hostKeyFingerprint()).isEqualTo(before).startsWith("SHA256:");
    }

    @Test
    void shouldServeTheClientOfOpenSsh() throws Exception {
        assumeTrue(Files.isExecutable(OPENSSH_CLIENT), "no OpenSSH client on this machine");
        // Given
        var local = Files.writeString(dir.resolve("local.txt"), "content");
        var batch = Files.write(
                dir.resolve("batch"),
                List.of(
                        "put " + local + " a.txt",
                        "put " + local + " b.txt",
                        "rename a.txt b.txt",
                        "ls -la",
                        "get b.txt " + dir.resolve("back.txt")));

        // When
        var client = new ProcessBuilder(
                OPENSSH_CLIENT.toString(),
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-i",
                dir.resolve("client_key").toString(),
                "-P",
                Integer.toString(server.port()),
                "-b",
                batch.toString(),
                "partner@127.0.0.1")
                .redirectErrorStream(true)
                .start();
        var output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(client.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).as(output).isZero();
        assertThat(dir.resolve("back.txt")).hasContent("content");
        assertThat(dir.resolve("root")).isDirectoryNotContaining("glob:**/a.txt");
    }

    private interface Session {
        void use(SftpClient sftp) throws Exception;
    }

    private void inSession(Session session) throws Exception {
        KeyPair key = new FileKeyPairProvider(dir.resolve("client_key")).loadKeys(null).iterator().next();
        try (var ssh = SshClient.setUpDefaultClient()) {
            ssh.setServerKeyVerifier((_, _, hostKey) -> KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey)
                    .equals(server.hostKeyFingerprint()));
            ssh.start();
            try (var connection = ssh.connect(EmbeddedSftp.USER, "127.0.0.1", server.port())
                    .verify(LIMIT)
                    .getSession()) {
                connection.addPublicKeyIdentity(key);
                connection.auth().verify(LIMIT);
                try (var sftp = SftpClientFactory.instance().createSftpClient(connection)) {
                    session.use(sftp);
                }
            }
        }
    }

    private static <T extends SftpClientExtension> T extension(
            SftpClient sftp, Class<T> type) {
        var extension = sftp.getExtension(type);
        assertThat(extension.isSupported()).as(type.getSimpleName()).isTrue();
        return extension;
    }

    private static void write(SftpClient sftp, String path, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (var handle = sftp.open(path, OpenMode.Write, OpenMode.Create, OpenMode.Truncate)) {
            sftp.write(handle, 0, bytes, 0, bytes.length);
        }
    }
}
