package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints one file for people: what is known of it, then what happened to it. */
final class Story {
    private static final int LABEL = 10;
    /** As state-processor writes it into the history. */
    private static final String TOO_LATE = "the cancellation came too late";

    private Story() {}

    static void print(Terminal terminal, JsonNode state, JsonNode history) {
        var file = new FileView(state);
        line(terminal, "file", terminal.bold(file.id()));
        line(terminal, "status", coloured(terminal, file.status()) + (state.path("late").asBoolean() ? ", late" : ""));
        if (!file.completed()) {
            line(terminal, "", file.outcome());
        }
        line(terminal, "", late(history));
        line(terminal, "route", file.route());
        line(terminal, "source", file.source() + "  (" + file.size() + " bytes)");
        line(terminal, "target", file.target());
        line(terminal, "receipt", receipt(state.path("receipt")));
        line(terminal, "attempt", file.text("attempt") + " of sending " + file.text("sending"));
        line(terminal, "arrived", file.text("arrivedAt"));
        line(terminal, "changed", file.text("changedAt"));
        if (!history.isEmpty()) {
            terminal.result("");
            moves(history).lines().forEach(terminal::result);
        }
    }

    /** What the history says of a cancellation that did not stop the delivery; empty where there was none. */
    static String late(JsonNode history) {
        for (JsonNode move : history) {
            if (FileView.text(move, "detail").contains(TOO_LATE)) {
                return TOO_LATE + ": the file had been delivered";
            }
        }
        return "";
    }

    /** Nothing for an empty text. */
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

    private static String receipt(JsonNode receipt) {
        return receipt.properties().stream()
                .map(field -> field.getKey() + " " + Terminal.printable(field.getValue().asText()))
                .collect(Collectors.joining(", "));
    }

    static Table moves(JsonNode history) {
        var table = new Table("AT", "EVENT", "STATUS", "DETAIL");
        timeline(history).forEach(moment -> table.row(moment.at(), moment.event(), moment.status(), moment.detail()));
        return table;
    }

    /** A row: a move, or a step of a worker between two of them. */
    private record Moment(String at, String event, String status, String detail) {
        static Moment ofMove(JsonNode move) {
            return new Moment(
                    FileView.text(move, "at"),
                    FileView.text(move, "event"),
                    FileView.text(move, "status"),
                    FileView.text(move, "detail"));
        }

        static Moment ofStep(JsonNode done) {
            String step = FileView.text(done, "step");
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
            return new Moment(FileView.text(done, "at"), "  " + step.toLowerCase(Locale.ROOT), "", meaning);
        }

        boolean after(Moment other) {
            try {
                return Instant.parse(at).isAfter(Instant.parse(other.at));
            } catch (DateTimeParseException e) {
                return false;
            }
        }
    }

    /** The moves as they followed each other, with the steps where their time puts them. */
    private static List<Moment> timeline(JsonNode history) {
        var moments = new ArrayList<Moment>();
        for (JsonNode move : history) {
            int begun = moments.size();
            moments.add(Moment.ofMove(move));
            for (JsonNode done : move.path("steps")) {
                Moment step = Moment.ofStep(done);
                // By the worker's clock, which may differ from others'; but a step is done before the end is told.
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
