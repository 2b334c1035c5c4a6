package io.waybill.devstack.cli;

import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.launcher.environment.Logs;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.launcher.terminal.FileNames;
import io.waybill.launcher.terminal.Terminal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** The start of an embedded process as its commands show it; an interruption ends the process from then on. */
record EmbeddedStart(EmbeddedProcess process, Terminal terminal, ProcessEnvironment environment) {
    /**
     * Starts the process.
     *
     * @param announce is told when all is ready
     * @return empty if an interruption came before that
     */
    Optional<Running> run(BiConsumer<Running, StartProgress> announce) throws IOException, InterruptedException {
        FileNames.warn(terminal);
        var ready = new AtomicBoolean();
        environment.interruption().onRequest(() -> {
            if (!ready.get()) {
                Logs.mute(); // what is broken off half-way complains at length
            }
            process.stop();
        });
        try (var progress = new StartProgress(terminal, environment.clock())) {
            progress.start();
            Optional<Running> running = process.start(progress);
            ready.set(running.isPresent());
            running.ifPresent(there -> announce.accept(there, progress));
            return running;
        }
    }
}
