package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.AttemptFailureAnswer;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileAnswer.HaltAnswer;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.api.MoveAnswer.StepAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints one file for people: its state, then its failures, then its history. */
public final class FileDetails {
    private static final int LABEL = 10;
    /** The text that the state-processor writes into the history. */
    private static final String TOO_LATE = "the cancellation came too late";

    private FileDetails() {}

    /**
     * Prints the file.
     *
     * @param now for the time that is left
     */
    public static void print(Terminal terminal, FileAnswer state, List<MoveAnswer> history, Instant now) {
        var file = new FileView(state);
        line(terminal, "file", terminal.bold(file.id()));
        line(terminal, "status",
                coloured(terminal, file.status()) + (Boolean.TRUE.equals(state.phase().late()) ? ", late" : ""));
        if (!file.completed()) {
            line(terminal, "", file.outcome());
        }
        line(terminal, "", late(history));
        line(terminal, "", file.deliveredBefore());
        line(terminal, "progress", state.progress() == null ? "" : ProgressText.of(state.progress()));
        line(terminal, "left", left(state, now));
        line(terminal, "route", file.route());
        line(terminal, "source", file.forgotten()
                ? "forgotten: nothing is kept but the id, the status and the times"
                : file.source() + "  (" + file.size() + " bytes)");
        line(terminal, "origin", file.origin());
        line(terminal, "target", file.target());
        line(terminal, "receipt", file.receipt());
        line(terminal, "attempt", state.attempt() + " of sending " + state.sending());
        line(terminal, "arrived", file.arrivedAt());
        line(terminal, "changed", Terminal.printable(state.changedAt()));
        if (state.failures() != null && !state.failures().isEmpty()) {
            terminal.result("");
            if (state.failuresDropped() != null && state.failuresDropped() > 0) {
                terminal.result("(and " + state.failuresDropped() + " before these)");
            }
            terminal.result(failures(state.failures()));
        }
        if (!history.isEmpty()) {
            terminal.result("");
            terminal.result(moves(history));
        }
    }

    /** How long the file is kept from its start, and how long it may wait; empty if it waits for nobody. */
    static String left(FileAnswer state, Instant now) {
        HaltAnswer halt = state.halt();
        if (halt != null && halt.until() == null) {
            return "nobody knows when it may start; the time does not count against it";
        }
        var texts = new ArrayList<String>();
        if (halt != null) {
            age(now, halt.until()).ifPresent(time -> texts.add("may start in " + time));
        }
        age(now, state.phase().claimBy())
                .ifPresent(time -> texts.add("TIMED_OUT in " + time + " if nobody takes it up"));
        return String.join(", ", texts);
    }

    /** From one time to another; empty if that is no time, or not ahead. */
    private static Optional<String> age(Instant now, @Nullable String until) {
        try {
            return Optional.ofNullable(until)
                    .map(text -> Duration.between(now, Instant.parse(text)))
                    .filter(Duration::isPositive)
                    .map(Amounts::age);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The history's text about a cancellation that did not stop the delivery; empty if there was none. */
    static String late(List<MoveAnswer> history) {
        boolean late = history.stream().anyMatch(move -> move.detail().contains(TOO_LATE));
        return late ? TOO_LATE + ": the file had been delivered" : "";
    }

    /** Prints nothing if the text is empty. */
    private static void line(Terminal terminal, String label, String text) {
        if (!text.isEmpty()) {
            terminal.result(terminal.dim(label + " ".repeat(LABEL - label.length())) + text);
        }
    }

    private static String coloured(Terminal terminal, String status) {
        return switch (status) {
            case "COMPLETED" -> terminal.green(status);
            case "FAILED", "TIMED_OUT" -> terminal.red(status);
            default -> terminal.yellow(status);
        };
    }

    /**
     * The file's failures. They are known even if the history no longer has them. One row is for all equal failures in
     * a row.
     */
    static Table failures(List<AttemptFailureAnswer> failures) {
        var table = new Table("FROM", "UNTIL", ">TIMES", "ATTEMPT", "FAILURE", "~DETAIL");
        failures.forEach(one -> table.row(
                Terminal.printable(one.from()),
                Terminal.printable(one.until()),
                String.valueOf(one.count()),
                one.attempt() + " of sending " + one.sending(),
                Terminal.printable(one.failure() == null ? one.kind() : one.failure()),
                Terminal.printable(one.detail() == null ? "" : one.detail())));
        return table;
    }

    static Table moves(List<MoveAnswer> history) {
        var table = new Table("AT", "EVENT", "STATUS", "~DETAIL");
        timeline(history).forEach(moment -> table.row(moment.at(), moment.event(), moment.status(), moment.detail()));
        return table;
    }

    /** A row: a move, or a step of a worker between two moves. */
    private record Moment(String at, String event, String status, String detail) {
        static Moment ofMove(MoveAnswer move) {
            return new Moment(
                    Terminal.printable(move.at()),
                    Terminal.printable(move.event()),
                    Terminal.printable(move.status()),
                    // These name an object or a path. All others are sentences.
                    move.event().equals("Arrived") || move.event().equals("Completed")
                            ? Terminal.exact(move.detail())
                            : Terminal.printable(move.detail()));
        }

        static Moment ofStep(StepAnswer done) {
            String step = Terminal.printable(done.step());
            String meaning =
                    switch (step) {
                        case "RECEIVED" -> "by a worker; waits for a slot";
                        case "CONNECTED" -> "to the destination";
                        case "SENT" -> "all bytes are acknowledged";
                        case "VERIFIED" -> "as the route asks";
                        case "PREPARED" -> "the intent to publish is committed";
                        case "PUBLISHED" -> "under the final name";
                        default -> "";
                    };
            return new Moment(Terminal.printable(done.at()), "  " + step.toLowerCase(Locale.ROOT), "", meaning);
        }

        boolean after(Moment other) {
            try {
                return Instant.parse(at).isAfter(Instant.parse(other.at));
            } catch (DateTimeParseException e) {
                return false;
            }
        }
    }

    /** The moves in their order. The steps are placed by their time. */
    private static List<Moment> timeline(List<MoveAnswer> history) {
        var moments = new ArrayList<Moment>();
        for (MoveAnswer move : history) {
            int begun = moments.size();
            moments.add(Moment.ofMove(move));
            for (StepAnswer done : move.steps()) {
                Moment step = Moment.ofStep(done);
                // The time is from the worker's clock, which may differ from other clocks. But a step is always done
                // before the end is reported.
                int place = begun;
                while (place > 0 && moments.get(place - 1).after(step)) {
                    place--;
                }
                moments.add(place, step);
                begun++;
            }
        }
        return moments;
    }
}
