package io.waybill.launcher.cli;

import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.environment.Logs;
import io.waybill.launcher.process.ServiceProcess;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.text.Suggestion;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code waybill run SERVICE…}: runs services against a real cluster. */
@Command(
        name = "run",
        description = "Runs services with the Kafka cluster of the configuration until SIGTERM. To scale, run more"
                + " processes, each with its own streams.instanceId and worker.id.",
        footer = {
                "",
                "Logs go to standard error: text on a terminal, otherwise JSON. WAYBILL_LOG=text or json overrides it.",
                "",
                "Examples:",
                "  waybill run all --config waybill.yaml",
                "  waybill run transfer-worker --set worker.id=worker-2",
                "  WAYBILL_CONFIG=/etc/waybill.yaml waybill run state-processor timeout-monitor"
        })
final class RunCommand implements Callable<Integer> {
    private static final String ALL = "all";

    private final Context context;

    @Parameters(
            paramLabel = "SERVICE",
            arity = "1..*",
            completionCandidates = Names.class,
            description = "${COMPLETION-CANDIDATES}, or all.")
    private List<String> services = List.of();

    /** The names of the services, for the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Services.names().iterator();
        }
    }

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<ServiceRegistration> wanted = registrations(services);
        WaybillConfig config = context.configuration();
        context.environment().interruption().allow(config.shutdown().patience());
        Logs.identify(
                wanted.stream().map(ServiceRegistration::name).toList(),
                Services.workerId(wanted, config).orElse(""));
        Logger log = LoggerFactory.getLogger(RunCommand.class);
        config.warnings().forEach(warning -> log.atLevel(warning.always() ? Level.WARN : Level.INFO)
                .addKeyValue("key", warning.key())
                .addKeyValue("warning", warning.text())
                .log("The configuration may not mean what you want"));
        try (var process = new ServiceProcess(config, wanted, context.environment().clock())) {
            StartCheck.require(config, wanted, process.topics(), log);
            context.environment().interruption().onRequest(process::stop);
            process.start((part, detail) -> log.atInfo().addKeyValue("part", part).addKeyValue("address", detail)
                    .log("Listening"));
            log.atInfo().addKeyValue("services", wanted.stream().map(ServiceRegistration::name).toList())
                    .log("Services started");
            ExitCode end = process.awaitEnd();
            logEnd(log, end, process);
            return end.number();
        }
    }

    /** The last line of the log says what to do, if only a person can do it. */
    private static void logEnd(Logger log, ExitCode end, ServiceProcess process) {
        Optional<BadConfigurationException> bad = process.failure().flatMap(BadConfigurationException::behind);
        bad.ifPresentOrElse(
                fault -> log.atError()
                        .addKeyValue("exitCode", end)
                        .addKeyValue("problems", fault.problems())
                        .log("Services ended; mend the configuration, a restart alone does not help"),
                () -> log.atInfo().addKeyValue("exitCode", end).log("Services ended"));
    }

    /** Returns each service once, in the order in which a process makes them. */
    private static List<ServiceRegistration> registrations(List<String> names) {
        for (String name : names) {
            if (!name.equals(ALL) && Services.of(name).isEmpty()) {
                List<String> known = Stream.concat(Services.names().stream(), Stream.of(ALL)).toList();
                throw CommandException.usage("there is no service '" + name + "'" + Suggestion.of(name, known));
            }
        }
        return Services.ALL.stream()
                .filter(service -> names.contains(ALL) || names.contains(service.name()))
                .toList();
    }
}
