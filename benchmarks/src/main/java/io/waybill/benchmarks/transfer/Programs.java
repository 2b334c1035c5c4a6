package io.waybill.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The commands that people send files with, each with the settings that were fastest here. Host keys are not checked,
 * which costs nothing; ciphers are the server's choice, and it offers one.
 */
final class Programs {
    private static final List<String> SSH_OPTIONS = List.of(
            "-F", "none",
            "-o", "IdentitiesOnly=yes",
            "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR",
            "-o", "Compression=no");

    private final Path scratch;
    private final Duration limit;

    /**
     * @param scratch for what commands are told and say
     * @param limit   how long one may take for a workload
     */
    Programs(Path scratch, Duration limit) {
        this.scratch = scratch;
        this.limit = limit;
    }

    /** Every command that is here; of the others it is said that they are not. */
    List<Contestant> installed() throws IOException {
        List<Contestant> here = new ArrayList<>();
        Map<String, Optional<Contestant>> wanted = new LinkedHashMap<>();
        wanted.put("openssh-client", openssh());
        wanted.put("rclone", rclone());
        wanted.put("lftp", lftp());
        wanted.forEach((packageName, contestant) -> contestant.ifPresentOrElse(
                here::add,
                () -> System.out.println("*** NOT INSTALLED, SO NOT MEASURED: the Debian package " + packageName
                        + ". There will be no figures of it. ***")));
        return here;
    }

    private Path log(String name) {
        return scratch.resolve(name + ".log");
    }

    /** OpenSSH's own client, told by a batch file; it takes the packet size that the server names. */
    private Optional<Contestant> openssh() throws IOException {
        if (!Program.installed("sftp")) {
            return Optional.empty();
        }
        Path batch = scratch.resolve("sftp.batch");
        return Optional.of(new Program(
                "openssh",
                Program.firstLine("ssh", "-V") + ": sftp -b, cd, lcd, put *",
                limit,
                log("openssh"),
                (workload, endpoint) -> {
                    Files.writeString(
                            batch,
                            "cd " + endpoint.directory() + "\nlcd " + workload.directory() + "\nput *\n");
                    var words = new ArrayList<>(List.of("sftp", "-q", "-b", batch.toString()));
                    words.addAll(SSH_OPTIONS);
                    words.addAll(List.of(
                            "-P", String.valueOf(endpoint.port()),
                            "-i", endpoint.key().toString(),
                            endpoint.user() + "@127.0.0.1"));
                    return words;
                }));
    }

    /** Sixteen files at a time, each on a connection of its own; the destination is known to be empty. */
    private Optional<Contestant> rclone() throws IOException {
        if (!Program.installed("rclone")) {
            return Optional.empty();
        }
        List<String> settings = List.of(
                "--transfers", "16",
                "--checkers", "16",
                "--sftp-disable-hashcheck",
                "--sftp-set-modtime=false",
                "--no-check-dest");
        // Large buffers make a large file faster, and many small ones slower.
        List<String> forLarge = List.of("--sftp-chunk-size", "255k", "--sftp-concurrency", "64");
        return Optional.of(new Program(
                "rclone",
                Program.firstLine("rclone", "version") + ": rclone copy " + String.join(" ", settings)
                        + ", and for one large file " + String.join(" ", forLarge),
                limit,
                log("rclone"),
                (workload, endpoint) -> {
                    var words = new ArrayList<>(List.of("rclone", "copy", "--config", ""));
                    words.addAll(settings);
                    words.addAll(workload.files() == 1 ? forLarge : List.of());
                    words.addAll(List.of(
                            "--sftp-host", "127.0.0.1",
                            "--sftp-port", String.valueOf(endpoint.port()),
                            "--sftp-user", endpoint.user(),
                            "--sftp-key-file", endpoint.key().toString(),
                            workload.directory().toString(),
                            ":sftp:" + endpoint.directory()));
                    return words;
                }));
    }

    /** Sixteen files at a time, each on a connection of its own, by OpenSSH's ssh. */
    private Optional<Contestant> lftp() throws IOException {
        if (!Program.installed("lftp")) {
            return Optional.empty();
        }
        // Its writes stay at 32 KiB: with more it stands still on a file of 1 GiB.
        String settings = "set sftp:max-packets-in-flight 64; set net:connection-limit 16; "
                + "set cmd:fail-exit yes; set net:max-retries 1; ";
        String mirror = "mirror -R -P 16 --no-perms --no-umask";
        return Optional.of(new Program(
                "lftp",
                Program.firstLine("lftp", "--version") + ": " + settings + mirror,
                limit,
                log("lftp"),
                (workload, endpoint) -> List.of(
                        "lftp",
                        "--norc",
                        "-c",
                        "set sftp:connect-program 'ssh -a -x " + String.join(" ", SSH_OPTIONS) + " -i "
                                + endpoint.key() + "'; " + settings + "open -u " + endpoint.user()
                                + ",none sftp://127.0.0.1:" + endpoint.port() + "; " + mirror + " "
                                + workload.directory() + " " + endpoint.directory())));
    }
}
