package io.waybill.devstack.cli;

import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.domain.Route;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.ServiceRegistration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waybill up}: runs everything on this machine until somebody ends it. */
@Command(
        name = "up",
        description = "Runs Kafka, S3, an SFTP server, a schema registry and all services on this machine until Ctrl-C."
                + " State is kept in --data, so the next 'up' goes on where this one ended. If there is a configuration"
                + " file, its destinations, its routes and its login (http.auth, tokens, oidc and metrics) are used. Its"
                + " infrastructure is not: Kafka, S3, registry, topics, streams, and the address and TLS of the API.",
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

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            description = "Makes this bucket of a route even if its name seems to be mistyped. Can be repeated.")
    private Set<String> buckets = new LinkedHashSet<>();

    UpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = context.terminal();
        List<ServiceRegistration> services = only == null ? Services.ALL : List.of();
        Optional<Path> userFile = userFile();
        userFile.ifPresent(file -> terminal.note("the destinations and routes are those of " + file));
        try (EmbeddedProcess process = embedded.process(context, userFile, Set.copyOf(buckets), services)) {
            List<String> unused = process.unused();
            if (!unused.isEmpty()) {
                terminal.note("the stack brings its own, so these keys of the file are not used: "
                        + Terminal.printable(String.join(", ", unused)));
            }
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

    /** The file that a stack writes itself adds nothing to it. */
    private Optional<Path> userFile() {
        Path own = context.data().resolve("waybill.yaml");
        return context.userFile().filter(file -> !file.toAbsolutePath().normalize().equals(own));
    }

    private void announce(Terminal terminal, Running running, StartProgress progress) {
        running.config().warnings().forEach(warning -> terminal.note(
                (warning.always() ? terminal.yellow("warning: ") : "note: ") + warning.key() + ": " + warning.text()));
        if (terminal.json()) {
            terminal.result(endpoints(running, progress.elapsed().toMillis() / 1000.0));
        } else {
            ReadyBanner.print(terminal, running, progress.seconds(), dataOption());
        }
    }

    /** The option by which other commands find this stack, if they would not find it without. */
    private String dataOption() {
        Path data = context.options().data;
        boolean another = context.options().config == null && context.userFile().isPresent();
        if (another) {
            return " --config " + data.resolve("waybill.yaml");
        }
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
        endpoints.put("routes", running.config().routes().values().stream().map(UpCommand::route).toList());
        return endpoints;
    }

    private static Map<String, Object> route(Route route) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", route.name().value());
        json.put("bucket", route.source().bucket());
        json.put("prefix", route.source().prefix());
        json.put("suffix", route.source().suffix());
        return json;
    }
}
