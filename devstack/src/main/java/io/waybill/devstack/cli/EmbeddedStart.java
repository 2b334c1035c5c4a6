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

/** Starts an embedded process and shows the start, for the commands. From then on an interruption ends the process. */
record EmbeddedStart(EmbeddedProcess process, Terminal terminal, ProcessEnvironment environment) {
    /**
     * Starts the process.
     *
     * @param announce is called when everything is ready
     * @return empty if an interruption came before that
     */
    Optional<Running> run(BiConsumer<Running, StartProgress> announce) throws IOException, InterruptedException {
        FileNames.warn(terminal);
        var ready = new AtomicBoolean();
        environment.interruption().onRequest(() -> {
            if (!ready.get()) {
                Logs.mute(); // parts that are stopped half-way log many complaints
            }
            process.stop();
        });
        try (var progress = new StartProgress(terminal, environment.clock())) {
            progress.start();
            Optional<Running> running = process.start(progress);
            ready.set(running.isPresent());
            running.ifPresent(there -> environment.interruption().allow(EmbeddedProcess.stopLimit(there.config())));
            running.ifPresent(there -> announce.accept(there, progress));
            return running;
        }
    }
}
