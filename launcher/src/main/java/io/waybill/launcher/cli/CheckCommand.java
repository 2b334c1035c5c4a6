package io.waybill.launcher.cli;

import io.waybill.launcher.cli.explain.KnownFiles;
import io.waybill.launcher.cli.rights.RightsCheck;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.report.ConfigurationChanges;
import io.waybill.launcher.report.PlacementChanges;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.ConfigWarning;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill check}: checks whether the services could run. */
@Command(
        name = "check",
        description = "Checks the configuration. Then connects to Kafka, where it asks for the rights of its user, to the"
                + " schema registry, to the bucket of each route, and to each destination, where it logs in. Changes"
                + " nothing.",
        footer = {
                "",
                "Examples:",
                "  waybill check --config waybill.yaml",
                "  waybill check --against /etc/waybill.yaml --config new.yaml",
                "  waybill check --against /etc/waybill.yaml --config new.yaml --days 7",
                "  waybill check --service transfer-worker",
                "  waybill check --offline --config new.yaml",
                "  waybill check --json"
        })
final class CheckCommand implements Callable<Integer> {
    private static final int MOST_DAYS = 3_650;

    private final Context context;

    @Nullable
    @Option(
            names = "--against",
            paramLabel = "OLD",
            description = "Compares with this configuration, and prints what differs and which services need a restart."
                    + " Connects to nothing, except with --days.")
    private Path old;

    @Nullable
    @Option(
            names = "--days",
            paramLabel = "N",
            description = "With --against: also asks the HTTP API for the files that changed in the last N days, and counts"
                    + " those that would go elsewhere.")
    private Integer days;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "The Kafka user must have the rights of this service. Can be repeated. Without it, the rights of"
                    + " one service are enough.")
    private List<String> services = List.of();

    @Option(
            names = "--offline",
            description = "Reads the configuration, and the files that it names. Connects to nothing.")
    private boolean offline;

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        RightsCheck.requireKnown(services);
        if (offline && (old != null || days != null || !services.isEmpty())) {
            throw CommandException
                    .usage("--offline reads one configuration; leave --against, --days and --service out");
        }
        Terminal terminal = context.terminal();
        WaybillConfig config = context.configuration();
        if (old != null) {
            Path file = context.environment().directory().resolve(old);
            // The values of flags and environment are those of today for both.
            WaybillConfig former = WaybillConfig.load(file, context.overrides(), Services.sections());
            compare(terminal, former, config);
            return ExitCode.DONE.number();
        }
        if (days != null) {
            throw CommandException.usage("--days compares two configurations; give the other one by --against");
        }
        if (!terminal.json()) {
            print(terminal, Finding.good("configuration", context.configurationFile().toString()));
            config.warnings().forEach(warning -> print(terminal, warning));
        }
        if (offline) {
            if (terminal.json()) {
                terminal.result(config.warnings().stream().map(CheckCommand::json).toList());
            }
            return ExitCode.DONE.number();
        }
        var connectivity = new Connectivity(config, services);
        List<Finding> findings = connectivity.check(finding -> {
            if (!terminal.json()) {
                print(terminal, finding);
            }
        });
        List<ConfigWarning> silent = connectivity.silentRoutes();
        if (terminal.json()) {
            terminal.result(Stream.of(
                    config.warnings().stream().map(CheckCommand::json),
                    findings.stream().map(CheckCommand::json),
                    silent.stream().map(CheckCommand::json))
                    .flatMap(all -> all)
                    .toList());
        } else {
            silent.forEach(warning -> print(terminal, warning));
        }
        return (findings.stream().allMatch(Finding::ok) ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private void compare(Terminal terminal, WaybillConfig former, WaybillConfig config) {
        if (days != null && (days < 1 || days > MOST_DAYS)) {
            throw CommandException.usage("--days must be from 1 to " + MOST_DAYS + ", was " + days);
        }
        var changes = new ConfigurationChanges(former, config, Services.ALL);
        Optional<PlacementChanges> files =
                Optional.ofNullable(days).map(some -> KnownFiles.compared(context, former, config, some));
        if (terminal.json()) {
            var json = new LinkedHashMap<>(changes.json());
            files.ifPresent(moves -> json.put("files", moves.answer()));
            terminal.result(json);
        } else {
            changes.print(terminal);
            files.ifPresent(moves -> moves.print(terminal));
        }
    }

    /**
     * The result of one check.
     *
     * @param subject what was checked, such as "destination acme"
     * @param detail  what the check found, for people
     */
    record Finding(String subject, boolean ok, String detail) {
        static Finding good(String subject, String detail) {
            return new Finding(subject, true, detail);
        }

        static Finding bad(String subject, String detail) {
            return new Finding(subject, false, detail);
        }
    }

    private static void print(Terminal terminal, Finding finding) {
        String mark = finding.ok() ? terminal.green("ok    ") : terminal.red("FAULT ");
        terminal.result(mark + finding.subject() + ": " + finding.detail());
    }

    private static void print(Terminal terminal, ConfigWarning warning) {
        String mark = warning.always() ? terminal.yellow("WARN  ") : "note  ";
        terminal.result(mark + warning.key() + ": " + warning.text());
    }

    private static Map<String, Object> json(ConfigWarning warning) {
        var json = new LinkedHashMap<String, Object>(json(Finding.good(warning.key(), warning.text())));
        json.put("warning", warning.always());
        return json;
    }

    private static Map<String, Object> json(Finding finding) {
        var json = new LinkedHashMap<String, Object>();
        json.put("subject", finding.subject());
        json.put("ok", finding.ok());
        json.put("detail", finding.detail());
        return json;
    }
}
