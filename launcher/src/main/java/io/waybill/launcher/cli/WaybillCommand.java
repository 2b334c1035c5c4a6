package io.waybill.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main command. It does nothing without one of its sub-commands. */
@Command(
        name = "waybill",
        description = "Delivers every file that lands in S3 to its partner's SFTP server exactly once.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        footer = {
                "",
                "Examples:",
                "  waybill demo                             deliver some hundred files and check every byte",
                "  waybill up                               run Kafka, S3, SFTP and all services on this machine",
                "  waybill send --wait invoice.csv          deliver one file and wait for its receipt",
                "  waybill status                           see what is open, who is down, what needs a person",
                "  waybill files --status FAILED            list the files that need attention",
                "  waybill check --config waybill.yaml      check a configuration and its connections"
        })
final class WaybillCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // picocli puts the real object here

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
