package io.waybill.e2e.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of a few hundred megabytes, which can be filled. */
@SuppressWarnings("try") // close() may be interrupted, and says so
final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "400m";
    private static final int BLOCK = 1 << 16;

    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    static boolean mayMount() {
        return System.getProperty("user.name").equals("root");
    }

    static SmallDisk at(Path mount) throws IOException, InterruptedException {
        Files.createDirectories(mount);
        run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", mount.toString());
        return new SmallDisk(mount);
    }

    /** Where a server may write. */
    Path directory() {
        return mount.resolve("node");
    }

    private Path ballast() {
        return mount.resolve("ballast");
    }

    /** Leaves no byte free. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (mount.toFile().getUsableSpace() > 0) {
                out.write(new byte[(int) Math.min(BLOCK, mount.toFile().getUsableSpace())]);
            }
        }
    }

    /** Frees what filled it. */
    void free() throws IOException {
        Files.delete(ballast());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("cannot run " + List.of(command));
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", mount.toString());
    }
}
