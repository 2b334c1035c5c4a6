package io.waybill.launcher.terminal;

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

    /**
     * A terminal over two streams.
     *
     * @param json     whether results are JSON, so that notes go to {@code err}
     * @param live     whether somebody looks at the notes as they are written
     * @param coloured whether texts may be coloured
     * @param columns  width of the screen
     */
    public Terminal(PrintStream out, PrintStream err, boolean json, boolean live, boolean coloured, int columns) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.live = live;
        this.coloured = coloured;
        this.columns = columns;
        notes = json ? err : out;
    }

    /** A text fit to print: keys and details are anybody's text, and control characters must not reach a terminal. */
    public static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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
    public synchronized void moving(String line) {
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
