package io.waybill.testkit.kube.pod;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes from one thread. A sandbox ends with the thread that started it, so that none outlives the tests; this
 * thread ends last.
 */
public final class Launcher implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("kubelet-launcher").factory());

    /** Starts a sandbox whose outputs are appended to a log. One after the other, since they share an image. */
    Process start(Sandbox sandbox, Path information, Path log) throws IOException, InterruptedException {
        try {
            return thread.submit(() -> new ProcessBuilder(sandbox.command(information))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start())
                    .get();
        } catch (ExecutionException e) {
            throw new IOException("cannot start the container of " + sandbox.hostName(), e.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
