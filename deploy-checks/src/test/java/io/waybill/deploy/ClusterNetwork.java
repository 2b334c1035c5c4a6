package io.waybill.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A network of the kernel's own namespaces: one for each end, and a router between them. It is inside a namespace of a user, so that
 * it needs no right over this machine and leaves nothing behind: the kernel ends all of it with its first process.
 */
final class ClusterNetwork {
    /** Makes namespaces of a user, the network, mounts and processes. */
    private static final List<String> ALONE =
            List.of("unshare", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child");

    private static final Path PAIRS = Path.of("src", "test", "resources", "network", "pairs.py");
    private static final String TRIAL =
            "ip link add v0 type veth peer name v1; nft add table ip trial; mount -t tmpfs tmpfs /run; python3 -c pass";
    private static final int LIMIT_SECONDS = 120;

    private ClusterNetwork() {}

    /** Why there cannot be one here; empty if there can. */
    static String obstacle() throws InterruptedException {
        try {
            Process process = alone("sh", "-ec", TRIAL).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? "" : said;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /**
     * Tries all ports of all ends from each other end.
     *
     * @param rules for nft; empty for none
     * @return what is open: {@code FROM TO PROTOCOL/PORT}
     */
    static Set<String> open(List<NetworkEnd> ends, List<String> ports, String rules, Path directory)
            throws IOException, InterruptedException {
        var plan = Map.of(
                "ends", ends.stream().map(end -> Map.of("name", end.name(), "address", end.address())).toList(),
                "ports", ports,
                "rules", rules);
        Path input = directory.resolve("plan.json");
        new ObjectMapper().writeValue(input.toFile(), plan);
        Path output = directory.resolve("open");
        Path errors = directory.resolve("errors");
        Process process = alone("python3", PAIRS.toString())
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the network failed: " + Files.readString(errors, StandardCharsets.UTF_8));
            }
        } finally {
            process.destroyForcibly();
        }
        return new TreeSet<>(Files.readAllLines(output));
    }

    private static ProcessBuilder alone(String... program) {
        var builder = new ProcessBuilder(Stream.concat(ALONE.stream(), Stream.of(program)).toList());
        // ip and nft are where only root looks for programs.
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, sbin) -> path + ":" + sbin);
        return builder;
    }
}
