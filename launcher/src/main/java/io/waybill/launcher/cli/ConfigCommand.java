package io.waybill.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code waybill config}: the command for configurations. It does nothing without one of its sub-commands. */
@Command(
        name = "config",
        description = "Describes the configuration. To check a configuration, use 'waybill check'.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
                "",
                "Examples:",
                "  waybill config schema > waybill.schema.json"
        })
final class ConfigCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // picocli puts the real object here

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
