package io.waybill.launcher.cli;

import io.waybill.launcher.cli.action.CancelCommand;
import io.waybill.launcher.cli.action.ForgetCommand;
import io.waybill.launcher.cli.action.RedriveCommand;
import io.waybill.launcher.cli.action.ResendCommand;
import io.waybill.launcher.cli.action.ResolveCommand;
import io.waybill.launcher.cli.action.RetryCommand;
import io.waybill.launcher.cli.approval.ApprovalsCommand;
import io.waybill.launcher.cli.audit.AuditCommand;
import io.waybill.launcher.cli.audit.AuditKeyCommand;
import io.waybill.launcher.cli.audit.EvidenceCommand;
import io.waybill.launcher.cli.completion.CompletionCommand;
import io.waybill.launcher.cli.explain.DeadLettersCommand;
import io.waybill.launcher.cli.explain.RouteCommand;
import io.waybill.launcher.cli.explain.WhyCommand;
import io.waybill.launcher.cli.live.DestinationsCommand;
import io.waybill.launcher.cli.live.FlowCommand;
import io.waybill.launcher.cli.live.ScalingCommand;
import io.waybill.launcher.cli.live.WatchCommand;
import io.waybill.launcher.cli.notification.SkipCommand;
import io.waybill.launcher.cli.notification.UnroutedCommand;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.environment.ErrorMessages;
import io.waybill.launcher.environment.GlobalOptions;
import io.waybill.launcher.environment.Logs;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.service.BuildInfo;
import io.waybill.runtime.service.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Reads a command line, runs its command and prints a message if something goes wrong. */
public final class CommandLineInterface {
    private static final Map<String, String> EXIT_CODES = exitCodes();
    /** Narrower than this, picocli prints no help. */
    private static final int NARROWEST_HELP = 55;
    private static final int WIDEST_HELP = 110;

    private final ProcessEnvironment environment;
    private final Function<Context, List<Object>> further;

    /** Has the commands of the shipped product. */
    public CommandLineInterface(ProcessEnvironment environment) {
        this(environment, _ -> List.of());
    }

    /**
     * Has further commands before those of the product.
     *
     * @param further gives objects annotated with picocli's {@code Command}
     */
    public CommandLineInterface(ProcessEnvironment environment, Function<Context, List<Object>> further) {
        this.environment = environment;
        this.further = further;
    }

    private static Map<String, String> exitCodes() {
        var codes = new LinkedHashMap<String, String>();
        for (ExitCode code : ExitCode.values()) {
            codes.put(String.valueOf(code.number()), switch (code) {
                case DONE -> "done";
                case FAILED -> "failed";
                case BAD_CONFIGURATION -> "bad configuration or usage";
                case DID_NOT_STOP -> "did not stop in time";
            });
        }
        return codes;
    }

    /** Runs one command to its end and returns the process's exit code. */
    public int run(String... arguments) {
        return build().execute(arguments);
    }

    CommandLine build() {
        var options = new GlobalOptions();
        var context = new Context(environment, options);
        var line = new CommandLine(new WaybillCommand()).addMixin("global", options);
        further.apply(context).forEach(line::addSubcommand);
        line.addSubcommand(new SendCommand(context))
                .addSubcommand(new FilesCommand(context))
                .addSubcommand(new StatusCommand(context))
                .addSubcommand(new WatchCommand(context))
                .addSubcommand(new DestinationsCommand(context))
                .addSubcommand(new FlowCommand(context))
                .addSubcommand(new ScalingCommand(context))
                .addSubcommand(new ShowCommand(context))
                .addSubcommand(new WhyCommand(context))
                .addSubcommand(new RouteCommand(context))
                .addSubcommand(new RedriveCommand(context))
                .addSubcommand(new ResendCommand(context))
                .addSubcommand(new CancelCommand(context))
                .addSubcommand(new RetryCommand(context))
                .addSubcommand(new PauseCommand(context))
                .addSubcommand(new PauseCommand.Resume(context))
                .addSubcommand(new ResolveCommand(context))
                .addSubcommand(new ForgetCommand(context))
                .addSubcommand(new ApprovalsCommand(context))
                .addSubcommand(new SkipCommand(context))
                .addSubcommand(new UnroutedCommand(context))
                .addSubcommand(new DeadLettersCommand(context))
                .addSubcommand(new RunCommand(context))
                .addSubcommand(new TopicsCommand(context))
                .addSubcommand(new CheckCommand(context))
                .addSubcommand(new CommandLine(new ConfigCommand()).addSubcommand(new ConfigSchemaCommand(context)))
                .addSubcommand(new CommandLine(new TokenCommand()).addSubcommand(new TokenCommand.New(context)))
                .addSubcommand(new CommandLine(new AuditCommand(context))
                        .addSubcommand(new CommandLine(new AuditKeyCommand())
                                .addSubcommand(new AuditKeyCommand.New(context))
                                .addSubcommand(new AuditKeyCommand.Show(context))))
                .addSubcommand(new EvidenceCommand(context))
                .addSubcommand(new ProbeCommand(context))
                .addSubcommand(new CommandLine(new LedgerCommand(context))
                        .addSubcommand(new LedgerMendCommand(context)))
                .addSubcommand(new CompletionCommand(context))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi()));
        document(line, helpWidth());
        return line.setExecutionStrategy(parsed -> {
            if (options.json && asksForTheVersion(parsed)) {
                printJson(BuildInfo.current());
                return ExitCode.DONE.number();
            }
            var last = parsed.asCommandLineList().getLast().getCommandName();
            Logs.settle(last, environment, options.debug);
            return new CommandLine.RunLast().execute(parsed);
        })
                .setExecutionExceptionHandler((thrown, _, _) -> report(thrown, options))
                .setParameterExceptionHandler(this::reportUsage);
    }

    private Ansi ansi() {
        boolean wanted = environment.outIsTerminal()
                && environment.variables().getOrDefault("NO_COLOR", "").isEmpty();
        return wanted ? Ansi.ON : Ansi.OFF;
    }

    /** Sets the parts of the help that all commands have in common. */
    private static void document(CommandLine line, int width) {
        line.getCommandSpec().mixinStandardHelpOptions(true).version(version());
        line.getCommandSpec()
                .usageMessage()
                .width(width)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES)
                .sortOptions(false);
        line.getSubcommands().forEach((name, command) -> {
            if (!name.equals("help")) {
                document(command, width);
            }
        });
    }

    private int helpWidth() {
        return environment.outIsTerminal() ? Math.clamp(environment.columns(), NARROWEST_HELP, WIDEST_HELP)
                : WIDEST_HELP;
    }

    private static String version() {
        BuildInfo build = BuildInfo.current();
        return "waybill " + build.version() + ", commit " + build.commit() + ", JDK " + build.jdk();
    }

    private static boolean asksForTheVersion(CommandLine.ParseResult parsed) {
        return parsed.asCommandLineList().stream()
                .anyMatch(command -> command.getParseResult().isVersionHelpRequested());
    }

    private int report(Throwable thrown, GlobalOptions options) {
        ErrorMessages.Fault fault = ErrorMessages.of(thrown);
        if (options.debug) {
            thrown.printStackTrace(environment.err());
        }
        if (options.json) {
            printJson(new Failure(fault.message(), fault.exitCode().number()));
            return fault.exitCode().number();
        }
        fault.message().lines().forEach(this::complain);
        return fault.exitCode().number();
    }

    private void complain(String line) {
        new Terminal(
                environment.out(), environment.err(), true, environment.errIsTerminal(), false, environment.columns())
                .note("waybill: " + Terminal.printable(line));
    }

    /** The one document of the call. */
    private void printJson(Object document) {
        environment.out().println(ApiJson.write(document));
        environment.out().flush();
    }

    /** What went wrong, as JSON. */
    private record Failure(String error, int exitCode) {}

    private int reportUsage(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        // Parsing ended before it had set all options.
        if (List.of(arguments).contains("--json")) {
            printJson(new Failure(String.valueOf(wrong.getMessage()), ExitCode.BAD_CONFIGURATION.number()));
            return ExitCode.BAD_CONFIGURATION.number();
        }
        complain(String.valueOf(wrong.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
            environment.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.BAD_CONFIGURATION.number();
    }
}
