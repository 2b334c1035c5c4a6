package io.waybill.e2e.crash;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java does not send itself, always to one process by its number. */
final class Signals {
    private Signals() {}

    static void stop(Process process) throws InterruptedException {
        send("-STOP", process);
    }

    static void resume(Process process) throws InterruptedException {
        send("-CONT", process);
    }

    private static void send(String signal, Process process) throws InterruptedException {
        try {
            int status = new ProcessBuilder("sh", "-c", "kill " + signal + " " + process.pid())
                    .start()
                    .waitFor();
            if (status != 0 && process.isAlive()) {
                throw new IllegalStateException("kill " + signal + " " + process.pid() + " ended with " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("there is no shell", e);
        }
    }
}
