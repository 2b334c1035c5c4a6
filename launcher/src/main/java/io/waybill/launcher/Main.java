package io.waybill.launcher;

import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.time.Durations;
import io.waybill.runtime.time.ProcessClock;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The program behind {@code ./waybill}. */
public final class Main {
    private static final int DEFAULT_COLUMNS = 100;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private Main() {}

    public static void main(String[] arguments) {
        run(arguments, _ -> List.of(), STOP_LIMIT);
    }

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param further   gives commands in addition to those of the product; see {@link CommandLineInterface}
     * @param stopLimit how long a command may take to end after Ctrl-C or SIGTERM, before the process ends without it,
     *                  unless the command says how long
     */
    public static void run(String[] arguments, Function<Context, List<Object>> further, Duration stopLimit) {
        var interruption = new Interruption();
        var ended = new CompletableFuture<Integer>();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> awaitEnd(interruption, ended, stopLimit), "interruption"));
        int code = ExitCode.FAILED.number();
        try {
            code = new CommandLineInterface(environment(interruption), further).run(arguments);
        } catch (Throwable e) {
            // This is an Error. Other threads may still live, and would keep alive a process that does nothing any
            // more.
            System.err.println("waybill: " + e);
        }
        ended.complete(code);
        System.exit(code);
    }

    /**
     * Runs when the JVM ends, on a signal or after the command. After a signal the JVM's exit code would be 128 plus
     * the signal's number. But a command that ends on request has its own exit code.
     */
    private static void awaitEnd(
            Interruption interruption, CompletableFuture<Integer> ended, Duration stopLimit) {
        if (ended.isDone()) {
            return;
        }
        int code = ExitCode.DID_NOT_STOP.number();
        FurtherSignals.hear(() -> {
            System.err.println("waybill: stopped at once, on a second signal");
            Runtime.getRuntime().halt(ExitCode.DID_NOT_STOP.number());
        });
        if (!interruption.request()) {
            return;
        }
        Duration limit = interruption.limit().orElse(stopLimit);
        try {
            code = ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            System.err.println("waybill: did not stop within " + Durations.print(limit));
        } catch (InterruptedException | ExecutionException e) {
            // Nobody interrupts this thread, and the future is never completed with a failure.
        }
        Runtime.getRuntime().halt(code);
    }

    private static ProcessEnvironment environment(Interruption interruption) {
        // The JDK says whether input and output together are a terminal, but not whether one of them is. The script
        // can.
        boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new ProcessEnvironment(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                flag("waybill.out.terminal", terminal),
                flag("waybill.err.terminal", terminal),
                Math.max(20, Integer.getInteger("waybill.columns", DEFAULT_COLUMNS)),
                System.getenv(),
                Path.of(""),
                ProcessClock.system(),
                interruption);
    }

    private static boolean flag(String property, boolean fallback) {
        String value = System.getProperty(property, "");
        return value.isEmpty() ? fallback : Boolean.parseBoolean(value);
    }

    /** Prints file names unchanged, whatever character set the locale gives the terminal. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
