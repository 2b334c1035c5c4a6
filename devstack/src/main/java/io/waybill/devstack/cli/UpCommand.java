package io.waybill.devstack.cli;

import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.ServiceRegistration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waybill up}: runs everything on this machine until somebody ends it. */
@Command(
        name = "up",
        description = "Runs Kafka, S3, an SFTP server, a schema registry and all services on this machine until Ctrl-C."
                + " State is kept in --data, so the next 'up' goes on where this one ended. With --config FILE the"
                + " file's destinations and routes are used; its infrastructure is not.",
        footer = {
                "",
                "Examples:",
                "  waybill up",
                "  waybill up --data /var/lib/waybill --kafka-port 19092",
                "  waybill up --config routes.yaml --json",
                "  waybill up --only infrastructure         then, elsewhere: waybill run all"
        })
final class UpCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private EmbeddedOptions embedded = new EmbeddedOptions();

    /** The parts that {@code --only} can name. */
    enum Part {
        INFRASTRUCTURE
    }

    @Option(
            names = "--only",
            paramLabel = "PART",
            description = "infrastructure starts Kafka, S3, SFTP and the registry without the services, which"
                    + " 'waybill run' then starts by themselves.")
    private @Nullable Part only;

    UpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = context.terminal();
        List<ServiceRegistration> services = only == null ? Services.ALL : List.of();
        try (EmbeddedProcess process = embedded.process(context, true, services)) {
            Optional<Running> running = new EmbeddedStart(process, terminal, context.environment())
                    .run((there, progress) -> announce(terminal, there, progress));
            if (running.isEmpty()) {
                terminal.note("stopped while starting");
                return ExitCode.DONE.number();
            }
            ExitCode end = process.awaitEnd(running.get());
            terminal.note("stopping");
            return end.number();
        }
    }

    private void announce(Terminal terminal, Running running, StartProgress progress) {
        if (terminal.json()) {
            terminal.result(endpoints(running, progress.elapsed().toMillis() / 1000.0));
        } else {
            ReadyBanner.print(terminal, running, progress.seconds(), dataOption());
        }
    }

    private String dataOption() {
        Path data = context.options().data;
        return data.equals(Path.of("data")) ? "" : " --data " + data;
    }

    private static Map<String, Object> endpoints(Running running, double seconds) {
        var endpoints = new LinkedHashMap<String, Object>();
        endpoints.put("ready", true);
        endpoints.put("seconds", seconds);
        endpoints.put("kafka", running.stack().bootstrapServers());
        endpoints.put("registry", running.stack().registryUrl().toString());
        endpoints.put("s3", running.stack().s3().toString());
        endpoints.put("sftp", "127.0.0.1:" + running.stack().sftpPort());
        endpoints.put("sftpHostKey", running.stack().sftpHostKey());
        endpoints.put("sftpFiles", running.stack().sftpFiles().toString());
        if (running.services().isPresent()) {
            endpoints.put("http", ReadyBanner.http(running));
        }
        endpoints.put("config", running.configurationFile().toString());
        return endpoints;
    }
}
