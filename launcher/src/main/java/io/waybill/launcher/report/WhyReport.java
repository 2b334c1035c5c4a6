package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.explain.WhyAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Prints for people why a file is where it is. */
public final class WhyReport {
    private static final int LABEL = 11;

    private final WhyAnswer why;
    private final Instant now;

    /**
     * @param now from which ages are counted
     */
    public WhyReport(WhyAnswer why, Instant now) {
        this.why = why;
        this.now = now;
    }

    public void print(Terminal terminal) {
        line(terminal, "file", terminal.bold(Terminal.printable(why.id())) + ", " + Terminal.printable(why.status()));
        line(terminal, "waits for", Terminal.printable(why.waitsFor()));
        line(terminal, "since", moment(why.since()));
        line(terminal, "next", sentence(why.next(), why.at()));
        line(terminal, "otherwise", sentence(why.otherwise(), why.otherwiseAt()));
        line(terminal, "mend", why.advice() == null ? "" : Terminal.printable(why.advice()));
        if (!why.commands().isEmpty()) {
            var table = new Table("COMMAND", "~EFFECT");
            why.commands().forEach(one -> table.row(one.command(), one.effect()));
            terminal.result("");
            terminal.result(table);
        }
    }

    private String sentence(@Nullable String what, @Nullable String at) {
        if (what == null) {
            return "";
        }
        return (at == null ? "" : moment(at) + ": ") + Terminal.printable(what);
    }

    /** The instant, and how far it is away. */
    private String moment(String instant) {
        String shown = Terminal.printable(FileView.seconds(instant));
        try {
            Duration ago = Duration.ofSeconds(Duration.between(Instant.parse(instant), now).toSeconds());
            return shown + (ago.isNegative()
                    ? " (in " + Amounts.age(ago.negated()) + ")"
                    : " (" + Amounts.age(ago) + " ago)");
        } catch (DateTimeParseException e) {
            return shown;
        }
    }

    /** Prints nothing if the text is empty. */
    private static void line(Terminal terminal, String label, String text) {
        if (!text.isEmpty()) {
            terminal.result(terminal.dim(label + " ".repeat(LABEL - label.length())) + text);
        }
    }
}
