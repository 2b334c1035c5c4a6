package io.waybill.testkit.kube;

import io.waybill.testkit.kube.pod.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An image made of this machine's own libraries and Java, for tests that need no image of the product. */
public final class MachineImage {
    private static final List<String> SYSTEM =
            List.of("/usr", "/bin", "/lib", "/lib64", "/sbin", "/etc/ssl", "/etc/ld.so.cache");
    private static final int UID = 10_001;

    private MachineImage() {}

    /**
     * @param directory  new; for what is not bound
     * @param more       of the machine's files, by the path at which containers see them
     * @param entrypoint follows Java's own program
     */
    public static Image in(Path directory, Map<String, Path> more, List<String> entrypoint) throws IOException {
        var bound = new TreeMap<>(more);
        for (String system : SYSTEM) {
            Path path = Path.of(system);
            if (Files.isSymbolicLink(path)) {
                Files.createDirectories(directory);
                Files.createSymbolicLink(directory.resolve(system.substring(1)), Files.readSymbolicLink(path));
            } else if (Files.exists(path)) {
                bound.put(system, path);
            }
        }
        bound.put("/opt/java", Path.of(System.getProperty("java.home")));
        Files.createDirectories(directory.resolve("tmp"));
        var line = new ArrayList<>(List.of("/opt/java/bin/java"));
        line.addAll(entrypoint);
        return new Image(directory, bound, line, Map.of("PATH", "/usr/bin:/bin", "LANG", "C.UTF-8"), UID, "/");
    }
}
