package io.waybill.testkit.kube.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How bubblewrap is called for a container.
 *
 * @param image    in which mount points may be made
 * @param argv     what runs in it, as process 1
 * @param identity its user and group
 */
record Sandbox(
        Image image,
        String hostName,
        int identity,
        Map<String, String> environment,
        List<Mount> mounts,
        List<String> argv) {

    /**
     * The command. It writes the id of the program's process to the given file.
     */
    List<String> command(Path information) throws IOException {
        var line = new ArrayList<String>();
        // Only a shell can open the descriptor that bubblewrap writes to.
        line.addAll(List.of("/bin/sh", "-c", "exec 3>\"$0\"; exec \"$@\"", information.toString()));
        line.addAll(List.of("bwrap", "--info-fd", "3", "--die-with-parent", "--as-pid-1", "--cap-drop", "ALL"));
        line.addAll(
                List.of("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"));
        line.addAll(List.of("--uid", Integer.toString(identity), "--gid", Integer.toString(identity)));
        line.addAll(List.of("--hostname", hostName, "--clearenv"));
        environment.forEach((name, value) -> line.addAll(List.of("--setenv", name, value)));
        line.addAll(List.of("--ro-bind", image.root().toString(), "/"));
        for (var bound : image.bound().entrySet()) {
            bind(line, new Mount(bound.getValue(), bound.getKey(), true));
        }
        Files.createDirectories(image.root().resolve("proc"));
        Files.createDirectories(image.root().resolve("dev"));
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        for (Mount mount : mounts) {
            bind(line, mount);
        }
        line.addAll(List.of("--chdir", image.directory(), "--"));
        line.addAll(argv);
        return line;
    }

    private void bind(List<String> line, Mount mount) throws IOException {
        Path point = image.root().resolve(mount.target().substring(1));
        if (!Files.exists(point)) {
            Files.createDirectories(point.getParent());
            if (Files.isDirectory(mount.source())) {
                Files.createDirectories(point);
            } else {
                Files.createFile(point);
            }
        }
        line.addAll(List.of(
                mount.readOnly() ? "--ro-bind" : "--bind", mount.source().toRealPath().toString(), mount.target()));
    }
}
