package io.waybill.e2e;

import io.waybill.devstack.cli.DevstackCommands;
import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.runtime.time.ProcessClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One command, run to its end in this JVM.
 *
 * @param out what it printed to standard output
 * @param err what it printed to standard error, without the logs
 */
public record CommandRun(int exitCode, String out, String err) {
    private static final List<String> FREE_PORTS = List.of(
            "--kafka-port", "0", "--s3-port", "0", "--sftp-port", "0", "--registry-port", "0", "--http-port", "0");

    /**
     * @param arguments later ones win over the free ports that stand before them
     */
    static CommandRun embedded(String command, Path data, String... arguments) {
        return of(commandLine(command, data, arguments));
    }

    static List<String> commandLine(String command, Path data, String... arguments) {
        var line = new ArrayList<String>();
        line.add(command);
        var given = List.of(arguments);
        for (int i = 0; i < FREE_PORTS.size(); i += 2) {
            if (!given.contains(FREE_PORTS.get(i))) {
                line.addAll(FREE_PORTS.subList(i, i + 2));
            }
        }
        line.addAll(List.of("--data", data.toString()));
        line.addAll(given);
        return line;
    }

    public static CommandRun of(List<String> arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var environment = new ProcessEnvironment(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                100,
                Map.of(),
                Path.of(""),
                ProcessClock.system(), // allow clock: this stands for the main of the program
                new Interruption());
        int exitCode =
                new CommandLineInterface(environment, DevstackCommands::of).run(arguments.toArray(String[]::new));
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    String lastLine() {
        return out.lines().toList().getLast();
    }
}
