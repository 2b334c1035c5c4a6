package io.waybill.launcher.cli;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.ProbeReport;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.ExitCode;
import io.waybill.sftp.ServerReport;
import io.waybill.sftp.SftpConnector;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill probe}: finds out what a destination's server does. */
@Command(
        name = "probe",
        description = {
                "Tests a destination's server: what it offers and really does, how it renames, its limits, the number"
                        + " of connections and open files, the round trip, the host key and the algorithms."
                        + " Prints a report, and lines for the configuration.",
                "Opens up to maxConnections connections. Makes a few files of at most one byte in the directory, whose"
                        + " names begin with .waybill-probe, and removes them. Names the files that it cannot remove.",
                "The exit code is 1 if the probe cannot reach the server, or cannot test files in the directory."
        },
        footer = {
                "",
                "Examples:",
                "  waybill probe acme",
                "  waybill probe acme --directory /incoming",
                "  waybill probe acme --json"
        })
final class ProbeCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "DESTINATION", description = "The destination's name in the configuration.")
    private String name = "";

    @Option(
            names = "--directory",
            paramLabel = "PATH",
            defaultValue = "/",
            description = "The directory for test files, below the destination's root. Default: the root itself")
    private String directory = "/";

    ProbeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DestinationConfig destination = destination(context.configuration());
        // No other file has this name. The rules by which partners take files mostly skip names that begin with a dot.
        RemotePath stem = stem(".waybill-probe-" + UUID.randomUUID().toString().substring(0, 8) + "-");
        ServerReport report;
        try (var connector = new SftpConnector()) {
            report = connector.probe(destination, stem, context.environment().clock());
        } catch (TransferException e) {
            throw CommandException.failed("destination " + destination.name() + ": " + e.failure());
        }
        new ProbeReport(context.terminal(), destination, directory).print(report);
        return (report.trial().isPresent() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private DestinationConfig destination(WaybillConfig config) {
        return config.destinations().values().stream()
                .filter(one -> one.name().value().equals(name))
                .findAny()
                .orElseThrow(() -> CommandException.usage("the configuration " + context.configurationFile()
                        + " has no destination '" + name + "'; it has "
                        + config.destinations().keySet().stream().map(DestinationName::value).toList()));
    }

    private RemotePath stem(String file) {
        try {
            return new RemotePath(directory.equals("/") ? "/" + file : directory + "/" + file);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--directory: expected an absolute path below the destination's root, such as"
                    + " /incoming, was '" + directory + "': " + e.getMessage());
        }
    }
}
