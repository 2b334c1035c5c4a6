package io.waybill.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;

/**
 * Where a command's words go. Results go to standard output; notes (what is being done) go there too, but to standard
 * error where results are JSON. Colours and moving lines only where somebody looks. Safe for several threads.
 */
public final class Terminal {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final PrintStream notes;
    private final boolean json;
    private final boolean live;
    private final boolean coloured;
    private final int columns;
    private String moving = "";

    private Terminal(Surroundings surroundings, GlobalOptions options) {
        json = options.json;
        out = surroundings.out();
        err = surroundings.err();
        notes = json ? surroundings.err() : surroundings.out();
        live = json ? surroundings.errIsTerminal() : surroundings.outIsTerminal();
        // By no-color.org: any value but an empty one.
        boolean unwanted = !surroundings.environment().getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = "dumb".equals(surroundings.environment().get("TERM"));
        coloured = live && !options.noColor && !unwanted && !dumb;
        columns = surroundings.columns();
    }

    static Terminal of(Surroundings surroundings, GlobalOptions options) {
        return new Terminal(surroundings, options);
    }

    /** Whether results are to be JSON. */
    public boolean json() {
        return json;
    }

    /** Whether notes may move: overwrite a line, show a bar. */
    public boolean live() {
        return live;
    }

    public int columns() {
        return columns;
    }

    /** A line of a result. */
    public void result(String line) {
        print(out, line);
    }

    /** A result as one line of JSON. */
    public void result(Object value) {
        try {
            result(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("results are plain records and maps", e);
        }
    }

    /** A line about what is being done. */
    public void note(String line) {
        print(notes, line);
    }

    /** A line for standard error, such as a log's. */
    void error(String line) {
        print(err, line);
    }

    /** The moving line steps aside, also where it shares a screen with a stream that is no terminal itself. */
    private synchronized void print(PrintStream stream, String line) {
        if (!moving.isEmpty()) {
            notes.print(CLEAR_LINE);
            notes.flush();
        }
        stream.println(line);
        stream.flush();
        if (!moving.isEmpty()) {
            notes.print(moving);
            notes.flush();
        }
    }

    /** Shows a line below all others, in place of the one shown so; empty for none. Does nothing unless {@link #live()}. */
    synchronized void moving(String line) {
        if (live && !(line.isEmpty() && moving.isEmpty())) {
            moving = line;
            notes.print(CLEAR_LINE + line);
            notes.flush();
        }
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String dim(String text) {
        return styled("2", text);
    }

    public String green(String text) {
        return styled("32", text);
    }

    public String red(String text) {
        return styled("31", text);
    }

    public String yellow(String text) {
        return styled("33", text);
    }

    private String styled(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
