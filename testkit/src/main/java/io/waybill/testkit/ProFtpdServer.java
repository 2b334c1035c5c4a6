package io.waybill.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The system's own ProFTPD with mod_sftp, run as the current user on a free loopback port: a server that shares no code
 * with OpenSSH. Its keys, configuration, log and the served {@link #files() directory} lie in the directory given; SFTP
 * paths are those of the machine, so a client's root is {@code files()}. Closing ends the daemon and its sessions.
 */
public final class ProFtpdServer implements SftpServer {
    private static final List<Path> MODULES =
            List.of(Path.of("/usr/lib/proftpd"), Path.of("/usr/lib64/proftpd"), Path.of("/usr/libexec/proftpd"));
    private static final int STARTS = 3;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path directory;
    private final int port;
    private volatile Process daemon;

    private ProFtpdServer(Path directory, Process daemon, int port) {
        this.directory = directory;
        this.daemon = daemon;
        this.port = port;
    }

    /** Whether this machine has what it takes. */
    public static boolean available() {
        return Commands.find("proftpd").isPresent()
                && Commands.find("ssh-keygen").isPresent()
                && MODULES.stream().anyMatch(ProFtpdServer::hasSftp);
    }

    private static boolean hasSftp(Path modules) {
        return Files.exists(modules.resolve("mod_sftp.so"));
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param directory  empty or new
     * @param directives more lines for its configuration
     */
    public static ProFtpdServer start(Path directory, String... directives) {
        try {
            Files.createDirectories(directory.resolve("files"));
            newKey(directory.resolve("host_key"));
            newKey(directory.resolve("user_key"));
            Files.writeString(
                    directory.resolve("authorized_keys"),
                    Commands.run(List.of(
                            "ssh-keygen", "-e", "-f", directory.resolve("user_key.pub").toString())));
            for (int start = 1;; start++) {
                int port = FreePort.find();
                Path configuration = Files.writeString(
                        directory.resolve("proftpd.conf"),
                        configuration(directory, port) + String.join("\n", directives) + "\n");
                Process daemon = launch(configuration);
                if (listens(daemon, port)) {
                    return new ProFtpdServer(directory, daemon, port);
                }
                daemon.destroyForcibly();
                if (start == STARTS) {
                    throw new IllegalStateException("proftpd does not start; its log is in " + directory);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start proftpd in " + directory, e);
        }
    }

    private static void newKey(Path file) {
        Commands.run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "waybill", "-f", file.toString()));
    }

    private static String configuration(Path directory, int port) {
        Path modules = MODULES.stream().filter(ProFtpdServer::hasSftp).findFirst().orElseThrow();
        return """
                ModulePath %1$s
                LoadModule mod_sftp.c
                ServerType standalone
                UseIPv6 off
                DefaultAddress 127.0.0.1
                SocketBindTight on
                Port %2$d
                User %3$s
                Group %4$s
                RootLogin on
                UseFtpUsers off
                RequireValidShell off
                AuthOrder mod_auth_unix.c
                WtmpLog off
                TransferLog none
                PidFile %5$s/pid
                ScoreboardFile %5$s/scoreboard
                SystemLog %5$s/log
                AllowOverwrite on
                AllowStoreRestart on
                SFTPEngine on
                SFTPLog %5$s/sftp-log
                SFTPHostKey %5$s/host_key
                SFTPAuthorizedUserKeys file:%5$s/authorized_keys
                SFTPAuthMethods publickey
                """
                .formatted(
                        modules,
                        port,
                        System.getProperty("user.name"),
                        Commands.run(List.of("id", "-gn")).strip(),
                        directory.toAbsolutePath());
    }

    private static Process launch(Path configuration) throws IOException {
        String proftpd = Commands.find("proftpd")
                .orElseThrow(() -> new IllegalStateException("there is no proftpd: install proftpd-core"))
                .toString();
        return new ProcessBuilder(proftpd, "-n", "-c", configuration.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(configuration.resolveSibling("output").toFile())
                .start();
    }

    private static boolean listens(Process daemon, int port) {
        for (long waited = 0; daemon.isAlive() && waited < PATIENCE; waited += PAUSE) {
            try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException e) {
                LockSupport.parkNanos(PAUSE);
            }
        }
        return false;
    }

    public int port() {
        return port;
    }

    /** Whom to log in as: the current user. */
    public String user() {
        return System.getProperty("user.name");
    }

    /** The private key that is let in, in OpenSSH's format. */
    public Path userKey() {
        return directory.resolve("user_key");
    }

    /** The fingerprint of the server's only host key, as "SHA256:…". */
    public String hostKey() {
        // Such as "256 SHA256:… comment (ED25519)".
        String line = Commands.run(List.of("ssh-keygen", "-l", "-f", directory.resolve("host_key.pub").toString()));
        int start = line.indexOf("SHA256:");
        return line.substring(start, line.indexOf(' ', start));
    }

    @Override
    public SftpDestination destination() {
        return new SftpDestination(port, user(), userKey(), hostKey(), files());
    }

    @Override
    public Path files() {
        return directory.resolve("files");
    }

    @Override
    public void restart() {
        close();
        try {
            Process restarted = launch(directory.resolve("proftpd.conf"));
            daemon = restarted;
            if (!listens(restarted, port)) {
                throw new IllegalStateException("proftpd does not start again on port " + port);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start proftpd again in " + directory, e);
        }
    }

    @Override
    public void close() {
        // The daemon first, so that no session begins that is not among those; their parent is gone then.
        List<ProcessHandle> sessions = daemon.descendants().toList();
        daemon.destroyForcibly();
        sessions.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!daemon.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("proftpd does not end: process " + daemon.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
