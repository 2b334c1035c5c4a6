package io.waybill.devstack.cli;

import io.waybill.devstack.demo.Demo;
import io.waybill.devstack.demo.DemoReport;
import io.waybill.devstack.demo.SampleFiles;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.domain.RouteName;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.environment.ErrorMessages;
import io.waybill.launcher.process.Services;
import io.waybill.launcher.terminal.MovingLine;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.service.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waybill demo}: runs the whole product and proves that the files arrived. */
@Command(
        name = "demo",
        description = "Starts the embedded stack, puts files into S3, shows them being delivered, reads every one back"
                + " over SFTP and compares it byte for byte, prints a summary, and ends. A second run over the same"
                + " --data delivers only what has changed. Exit code 0 if every file is delivered and alike.",
        footer = {
                "",
                "Examples:",
                "  waybill demo",
                "  waybill demo --files ~/Pictures",
                "  waybill demo --files DIR --json        its last line on standard output is one line of JSON"
        })
final class DemoCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private EmbeddedOptions embedded = new EmbeddedOptions();

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Send the files below DIR. Default: some hundred sample files with difficult names and sizes")
    private @Nullable Path files;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "15m",
            description = "How long the deliveries may take. Default: 15m")
    private String timeout = "15m";

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration limit = Context.duration("--timeout", timeout);
        if (context.options().config != null) {
            throw CommandException.usage("demo brings its own configuration; use --config with 'up'");
        }
        if (files == null) {
            try (var samples = new SampleDirectory()) {
                SampleFiles.writeTo(samples.path());
                return run(samples.path(), limit).number();
            }
        }
        Path directory = context.environment().directory().resolve(files);
        if (!Files.isDirectory(directory)) {
            throw CommandException.usage("--files: there is no directory " + files);
        }
        return run(directory, limit).number();
    }

    private ExitCode run(Path directory, Duration limit) throws IOException, InterruptedException {
        Terminal terminal = context.terminal();
        try (EmbeddedProcess process = embedded.process(context, Optional.empty(), Set.of(), Services.ALL)) {
            Thread demo = Thread.currentThread();
            try {
                Optional<Running> running =
                        new EmbeddedStart(process, terminal, context.environment()).run((_, _) -> {});
                context.environment().interruption().onRequest(demo::interrupt);
                return running.map(there -> show(there, directory, limit, terminal))
                        .orElseThrow(DemoCommand::interrupted);
            } catch (RuntimeException e) {
                Thread.interrupted(); // nothing may cut the closing short
                throw process.stopping() ? interrupted() : e;
            }
        }
    }

    private static CommandException interrupted() {
        return CommandException.failed("interrupted; the next run goes on where this one was");
    }

    private ExitCode show(Running running, Path directory, Duration limit, Terminal terminal) {
        var clock = context.environment().clock();
        var route = Objects.requireNonNull(running.config().routes().get(new RouteName("inbox")));
        var services = running.services().orElseThrow(); // a demo starts all services
        var demo = new Demo(running.config(), services.topics(), route, clock);
        var view = new DemoView(terminal, clock, demo::progress);
        terminal.note("");
        DemoReport report;
        try (var line = new MovingLine(terminal, view::line)) {
            line.start();
            report = demo.run(directory, context.data(), limit,
                    skipped -> terminal.note(terminal.yellow("note: ") + Terminal.printable(skipped)));
        } catch (IOException e) {
            throw CommandException.failed(ErrorMessages.of(e).message());
        } catch (InterruptedException e) {
            throw interrupted();
        }
        DemoView.summarize(terminal, report);
        return report.good() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** A directory for samples. Closing it removes the directory. */
    private static final class SampleDirectory implements AutoCloseable {
        private final Path path;

        SampleDirectory() throws IOException {
            path = Files.createTempDirectory("waybill-demo");
        }

        Path path() {
            return path;
        }

        @Override
        public void close() throws IOException {
            try (var all = Files.walk(path)) {
                for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
