package io.waybill.launcher.terminal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A line that shows progress. On a terminal it is drawn over and over. If the output goes to a file, it is printed now
 * and then, and only if it has changed.
 */
public final class MovingLine implements AutoCloseable {
    private static final Duration FRAME = Duration.ofMillis(100);
    private static final Duration PLAIN = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final Supplier<String> text;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("progress").factory());
    private final PrintStream usualError = System.err;
    private final PrintStream errorLines;
    private String last = "";

    /**
     * @param text one line, no wider than the terminal; another thread asks for it
     */
    public MovingLine(Terminal terminal, Supplier<String> text) {
        this.terminal = terminal;
        this.text = text;
        errorLines = new PrintStream(new LineOutput(terminal::error), true, StandardCharsets.UTF_8);
    }

    public void start() {
        if (terminal.live()) {
            System.setErr(errorLines); // otherwise logs would appear within the line
        }
        long every = (terminal.live() ? FRAME : PLAIN).toMillis();
        long first = terminal.live() ? 0 : every;
        var _ = ticker.scheduleAtFixedRate(this::show, first, every, TimeUnit.MILLISECONDS);
    }

    private void show() {
        String now = text.get();
        if (terminal.live()) {
            terminal.moving(now);
        } else if (!now.equals(last)) {
            terminal.note(now);
        }
        last = now;
    }

    /** Removes the line. */
    @Override
    public void close() {
        ticker.shutdownNow();
        terminal.moving("");
        if (terminal.live()) {
            System.setErr(usualError);
            errorLines.close();
        }
    }
}
