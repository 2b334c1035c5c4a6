package io.waybill.launcher;

import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.cli.Surroundings;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The program behind {@code ./waybill}. */
public final class Main {
    private static final int DEFAULT_COLUMNS = 100;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLineInterface(surroundings()).run(arguments));
    }

    private static Surroundings surroundings() {
        // The JDK can tell whether input and output together are a terminal, but not one of them: the script can.
        boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new Surroundings(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                flag("waybill.out.terminal", terminal),
                flag("waybill.err.terminal", terminal),
                Math.max(20, Integer.getInteger("waybill.columns", DEFAULT_COLUMNS)),
                System.getenv(),
                Path.of(""),
                InstantSource.system()); // allow clock: the door through which time comes in
    }

    private static boolean flag(String property, boolean fallback) {
        String value = System.getProperty(property, "");
        return value.isEmpty() ? fallback : Boolean.parseBoolean(value);
    }

    /** Names of files are written as they are, whatever the locale says of the terminal. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
