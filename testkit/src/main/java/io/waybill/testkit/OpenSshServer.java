package io.waybill.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The system's own sshd, run as the current user on a free loopback port. Its keys, configuration and the served
 * {@link #files() directory} lie in the directory given; SFTP paths are those of the machine, so a client's root is
 * {@code files()}. Closing ends the daemon and every session of it.
 */
public final class OpenSshServer implements SftpServer {
    private static final int STARTS = 3;

    private final Path directory;
    private final int port;
    private volatile Process daemon;

    private OpenSshServer(Path directory, Process daemon, int port) {
        this.directory = directory;
        this.daemon = daemon;
        this.port = port;
    }

    /** Whether this machine has what it takes. */
    public static boolean available() {
        return Commands.find("sshd").isPresent() && Commands.find("ssh-keygen").isPresent();
    }

    /** A server that refuses nothing. */
    public static OpenSshServer start(Path directory) {
        return start(directory, Set.of());
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param directory  empty or new, or that of an earlier server, whose keys and files it then takes over
     * @param refused    SFTP requests that the server forbids and does not advertise, by the names that
     *                   {@code sftp-server -Q requests} lists, such as "posix-rename"
     * @param directives lines for its configuration, which take precedence
     */
    public static OpenSshServer start(Path directory, Set<String> refused, String... directives) {
        try {
            Files.createDirectories(directory.resolve("files"));
            newKey(directory.resolve("host_key"));
            newKey(directory.resolve("user_key"));
            Files.copy(
                    directory.resolve("user_key.pub"),
                    directory.resolve("authorized_keys"),
                    StandardCopyOption.REPLACE_EXISTING);
            if (System.getProperty("user.name").equals("root")) {
                // Only as root does sshd separate privileges, and then it insists on its empty directory.
                Files.createDirectories(Path.of("/run/sshd"));
            }
            for (int start = 1;; start++) {
                int port = FreePort.find();
                Files.writeString(directory.resolve("sshd_config"),
                        // The first of several values counts, but of MaxStartups the last.
                        "MaxStartups 200:30:400\n" + String.join("\n", directives) + "\n"
                                + configuration(directory, port, refused));
                Process daemon = launch(directory);
                if (listens(daemon)) {
                    return new OpenSshServer(directory, daemon, port);
                }
                if (start == STARTS) {
                    throw new IllegalStateException("sshd does not start; its configuration is in " + directory);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start sshd in " + directory, e);
        }
    }

    private static void newKey(Path file) {
        if (Files.notExists(file)) {
            Commands.run(
                    List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "waybill", "-f", file.toString()));
        }
    }

    private static String configuration(Path directory, int port, Set<String> refused) {
        String refusals = refused.isEmpty() ? "" : " -P " + String.join(",", refused);
        return """
                ListenAddress 127.0.0.1
                Port %d
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                MaxSessions 200
                MaxAuthTries 3
                Subsystem sftp internal-sftp%s
                """
                .formatted(
                        port, directory.resolve("host_key"), directory.resolve("authorized_keys"), refusals);
    }

    private static Process launch(Path directory) throws IOException {
        // sshd wants to be called by its absolute path, since it executes itself again for each connection.
        String sshd = Commands.find("sshd")
                .orElseThrow(() -> new IllegalStateException("there is no sshd: install openssh-server"))
                .toAbsolutePath()
                .toString();
        return new ProcessBuilder(sshd, "-D", "-e", "-f", directory.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .start();
    }

    /** Reads the daemon's log until it says that it listens; a thread reads the rest so that the pipe never fills. */
    private static boolean listens(Process daemon) throws IOException {
        BufferedReader log = daemon.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.startsWith("Server listening on")) {
                // A read of a pipe holds its carrier: a few such virtual threads can keep all others from running.
                Thread.ofPlatform().daemon().name("sshd-log").start(() -> drain(log));
                return true;
            }
        }
        return false;
    }

    private static void drain(Reader log) {
        try {
            log.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // The daemon was ended, and its log with it.
            return;
        }
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

    /** Breaks every open session at once, as a crash of the server's machine would, and goes on listening. */
    public void killSessions() {
        daemon.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void restart() {
        close();
        try {
            Process restarted = launch(directory);
            daemon = restarted;
            if (!listens(restarted)) {
                throw new IllegalStateException("sshd does not start again on port " + port);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start sshd again in " + directory, e);
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
                throw new IllegalStateException("sshd does not end: process " + daemon.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
