package io.waybill.devstack.cli;

import io.waybill.launcher.process.StartListener;
import io.waybill.launcher.terminal.MovingLine;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Shows each part of a process when it becomes ready, and that the start still continues. For any thread. */
final class StartProgress implements StartListener, AutoCloseable {
    private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final int PART = 18;
    private static final int DETAIL = 44;

    /** In a file, where no line moves, a start of usual length leaves no word about waiting. */
    private static final int STEP_SECONDS = 15;

    /** What stands beside the names in the moving line. */
    private static final int BESIDE = 24;

    private final Terminal terminal;
    private final ProcessClock clock;
    private final long began;
    private final MovingLine line;
    private final Set<String> awaited = Collections.synchronizedSet(new LinkedHashSet<>());

    StartProgress(Terminal terminal, ProcessClock clock) {
        this.terminal = terminal;
        this.clock = clock;
        began = clock.nanos();
        line = new MovingLine(terminal, this::waiting);
    }

    void start() {
        line.start();
    }

    /** What is awaited: always on a terminal; in a file only if the start takes long. */
    String waiting() {
        return terminal.live() ? moving() : standing();
    }

    private String moving() {
        int frame = (int) (elapsed().toMillis() / 100 % FRAMES.length());
        String names = names();
        int room = Math.max(BESIDE, terminal.columns() - BESIDE);
        String shown = names.length() <= room ? names : names.substring(0, room - 1) + "…";
        return FRAMES.charAt(frame) + " starting " + shown + " " + terminal.dim(seconds());
    }

    private String standing() {
        long steps = elapsed().toSeconds() / STEP_SECONDS;
        return steps == 0 ? "" : "waiting for " + names() + " since " + steps * STEP_SECONDS + " s";
    }

    private String names() {
        synchronized (awaited) {
            return awaited.isEmpty() ? "the services" : String.join(", ", awaited);
        }
    }

    @Override
    public void starting(String part) {
        awaited.add(part);
    }

    @Override
    public void ready(String part, String detail) {
        awaited.remove(part);
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
