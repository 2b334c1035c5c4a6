package io.waybill.launcher.cli;

import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.runtime.time.ProcessClock;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ProcessEnvironment whose output can be read back. */
final class Screen {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;
    private boolean terminal;
    private int columns = 100;
    private int read;
    private Instant now = Instant.EPOCH;

    Screen(Path directory) {
        this.directory = directory;
    }

    Screen with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Screen thatIsTerminal() {
        terminal = true;
        return this;
    }

    Screen withColumns(int width) {
        columns = width;
        return thatIsTerminal().with("NO_COLOR", "1");
    }

    Screen at(Instant instant) {
        now = instant;
        return this;
    }

    ProcessEnvironment environment() {
        return new ProcessEnvironment(
                new PrintStream(read == 0 ? out : output(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                terminal,
                columns,
                environment,
                directory,
                ProcessClock.of(() -> now, () -> 0),
                new Interruption());
    }

    /** As a pipe whose reader ends after some lines. */
    Screen readFor(int lines) {
        read = lines;
        return this;
    }

    private OutputStream output() {
        return new FilterOutputStream(out) {
            private int left = read;

            @Override
            public void write(int one) throws IOException {
                if (left == 0) {
                    throw new IOException("Broken pipe");
                }
                if (one == '\n') {
                    left--;
                }
                super.write(one);
            }
        };
    }

    int run(String... arguments) {
        return new CommandLineInterface(environment()).run(arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    List<String> errLines() {
        return err().lines().toList();
    }
}
