package io.waybill.devstack.cli;

import io.waybill.launcher.process.StartListener;
import io.waybill.launcher.terminal.MovingLine;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.Locale;

/** Shows each part of a process when it becomes ready, and that the start still continues. For any thread. */
final class StartProgress implements StartListener, AutoCloseable {
    private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final int PART = 18;
    private static final int DETAIL = 44;

    private final Terminal terminal;
    private final ProcessClock clock;
    private final long began;
    private final MovingLine line;

    StartProgress(Terminal terminal, ProcessClock clock) {
        this.terminal = terminal;
        this.clock = clock;
        began = clock.nanos();
        line = new MovingLine(terminal, this::waiting);
    }

    void start() {
        if (terminal.live()) {
            line.start();
        }
    }

    private String waiting() {
        int frame = (int) (elapsed().toMillis() / 100 % FRAMES.length());
        return FRAMES.charAt(frame) + " starting " + terminal.dim(seconds());
    }

    @Override
    public void ready(String part, String detail) {
        String mark = terminal.green(terminal.live() ? "✓" : "ok");
        terminal.note(mark + " " + padded(part, PART) + padded(detail, DETAIL)
                + terminal.dim("%8s".formatted(seconds())));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    Duration elapsed() {
        return clock.since(began);
    }

    String seconds() {
        return String.format(Locale.ROOT, "%.1f s", elapsed().toMillis() / 1000.0);
    }

    @Override
    public void close() {
        line.close();
    }
}
