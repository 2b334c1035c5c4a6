package io.waybill.launcher.terminal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A line that shows how something goes: drawn over and over where somebody looks, printed now and then where the output
 * goes to a file, and only if it has changed.
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
     * @param text one line, no wider than the terminal; asked for on another thread
     */
    public MovingLine(Terminal terminal, Supplier<String> text) {
        this.terminal = terminal;
        this.text = text;
        errorLines = new PrintStream(new LineOutput(terminal::error), true, StandardCharsets.UTF_8);
    }

    public void start() {
        if (terminal.live()) {
            System.setErr(errorLines); // logs would be written into the line otherwise
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

    /** Takes the line away. */
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
