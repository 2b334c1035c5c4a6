package io.waybill.devstack.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The main class of the registry's JVM. It ties the life of that JVM to its parent's life. Then it becomes the
 * registry.
 *
 * <p>The parent holds the other end of standard input and writes nothing. When the parent ends, even by a kill, the
 * pipe ends, too. Then this JVM exits, by force after two seconds.
 *
 * <p>This JVM also holds a lock on the registry's directory, and waits for that lock before it starts. So a stack that
 * starts soon after a kill does not open the database while the former registry still stops.
 *
 * <p>This class runs without the rest of Waybill on its class path. It may use only the JDK, and must not have nested
 * classes.
 */
final class RegistryProcess {
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(2);
    private static final String REGISTRY_MAIN = "io.quarkus.runner.GeneratedMain";

    private RegistryProcess() {}

    /**
     * @param args the file to lock
     */
    public static void main(String[] args) throws Exception {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> exitAtEndOf(System.in));
        lockUntilExit(Path.of(args[0]));
        Class.forName(REGISTRY_MAIN).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }

    private static void exitAtEndOf(InputStream parent) {
        try {
            parent.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            // This means the same as the end of the input: the parent is gone.
        }
        try {
            // The exit has its own thread, because it waits for the registry's shutdown, which may hang.
            Thread.ofPlatform().daemon().name("exit").start(RegistryProcess::exit).join(EXIT_LIMIT);
        } catch (InterruptedException hurried) {
            // Then exit at once.
        }
        Runtime.getRuntime().halt(1);
    }

    @SuppressWarnings("SystemExitOutsideMain") // it is main's, moved to the thread that sees the parent end
    private static void exit() {
        System.exit(0);
    }

    /** Never closes the file: the lock ends with the process. */
    private static void lockUntilExit(Path file) throws IOException {
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).lock();
    }
}
