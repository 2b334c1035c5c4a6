package io.waybill.launcher.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.domain.Texts;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints the words of a command. Results go to standard output. Notes about the progress also go there, but they go to
 * standard error if results are JSON. Colours and moving lines appear only on a terminal. Safe for several threads.
 */
public final class Terminal {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CLEAR_LINE = "\r\u001b[K";
    /** Between these the screen itself cuts a line: it may have wide characters, or be narrower than it was. */
    private static final String CUT = "\u001b[?7l";
    private static final String BREAK = "\u001b[?7h";

    private final PrintStream out;
    private final PrintStream err;
    private final PrintStream notes;
    private final boolean json;
    private final boolean live;
    private final boolean coloured;
    private final int columns;
    private String moving = "";
    private int framed;

    /**
     * A terminal over two streams.
     *
     * @param json     whether results are JSON, so that notes go to {@code err}
     * @param live     whether a person reads the notes while they are written
     * @param coloured whether texts may have colours
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

    /**
     * Returns a text that is safe to print. Anybody can write keys and details, and control characters must not reach a
     * terminal.
     */
    public static String printable(String text) {
        return Texts.printable(text);
    }

    /** As {@link #printable}, for a name that must be told from every other: its backslashes are doubled. */
    public static String exact(String name) {
        return Texts.exact(name);
    }

    /** Whether results must be JSON. */
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

    /** Whether nobody takes results any more, as behind {@code head} after its last line. */
    public boolean deserted() {
        return out.checkError();
    }

    /** Prints a line of a result. */
    public void result(String line) {
        print(out, line, live && !json);
    }

    /** Prints a table, as wide as the screen allows if a person reads it. */
    public void result(Table table) {
        (live ? table.lines(columns) : table.lines()).forEach(this::result);
    }

    /** Prints a result as one line of JSON. */
    public void result(Object value) {
        try {
            result(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("results are plain records and maps", e);
        }
    }

    /**
     * Prints a result: a value where a program reads, a line where a person does.
     */
    public void result(Object value, String line) {
        if (json) {
            result(value);
        } else {
            result(line);
        }
    }

    /** Prints a line about the progress. */
    public void note(String line) {
        print(notes, line, live);
    }

    /** Prints a line to standard error, such as a log line. */
    void error(String line) {
        show(err, line);
    }

    /**
     * Prints a text.
     *
     * @param people whether a person reads the stream on a screen
     */
    private void print(PrintStream stream, String text, boolean people) {
        show(stream, text.lines()
                .map(this::withoutCommands)
                .flatMap(line -> people ? Wrapping.wrap(line, columns).stream() : Stream.of(line))
                .collect(Collectors.joining(System.lineSeparator())));
    }

    /**
     * Prints a line. Clears the moving line before and draws it again afterwards, even if the stream itself is no
     * terminal, because both may share a screen.
     */
    private synchronized void show(PrintStream stream, String line) {
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

    /** Whoever forgot to make a name printable: it cannot command the terminal. */
    private String withoutCommands(String line) {
        if (!coloured) {
            return Texts.printable(line);
        }
        var shown = new StringBuilder();
        var styles = Wrapping.STYLE.matcher(line);
        int end = 0;
        while (styles.find()) {
            shown.append(Texts.printable(line.substring(end, styles.start()))).append(styles.group());
            end = styles.end();
        }
        return shown.append(Texts.printable(line.substring(end))).toString();
    }

    /**
     * Shows a line below all others. It replaces the former moving line; an empty text removes it. Does nothing unless
     * {@link #live()}.
     */
    public synchronized void moving(String line) {
        if (live && !(line.isEmpty() && moving.isEmpty())) {
            // A line that the screen breaks could not be cleared any more.
            moving = Wrapping.cutColoured(line, columns - 1);
            notes.print(CLEAR_LINE + moving);
            notes.flush();
        }
    }

    /**
     * Shows lines of a result in place of those that this method showed last. Where nobody reads along, it just prints
     * them.
     */
    public synchronized void frame(List<String> lines) {
        if (!live) {
            lines.forEach(this::result);
            return;
        }
        // A line that the screen breaks could not be cleared any more.
        String text = lines.stream()
                .map(this::withoutCommands)
                .map(line -> Wrapping.cutColoured(line, columns - 1) + System.lineSeparator())
                .collect(Collectors.joining());
        out.print((framed == 0 ? "" : "\u001b[" + framed + "A\r\u001b[J") + CUT + text + BREAK);
        out.flush();
        framed = lines.size();
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
