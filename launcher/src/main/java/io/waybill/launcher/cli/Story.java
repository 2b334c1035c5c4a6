package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** Prints one file for people: what is known of it, then what happened to it. */
final class Story {
    private static final int LABEL = 10;

    private Story() {}

    static void print(Terminal terminal, JsonNode state, JsonNode history) {
        var file = new FileView(state);
        line(terminal, "file", terminal.bold(file.id()));
        line(terminal, "status", coloured(terminal, file.status()) + (state.path("late").asBoolean() ? ", late" : ""));
        if (!file.completed()) {
            line(terminal, "", file.outcome());
        }
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
                .map(field -> field.getKey() + " " + FileView.printable(field.getValue().asText()))
                .collect(Collectors.joining(", "));
    }

    private static Table moves(JsonNode history) {
        var table = new Table("AT", "EVENT", "STATUS", "DETAIL");
        history.forEach(move -> table.row(
                FileView.text(move, "at"),
                FileView.text(move, "event"),
                FileView.text(move, "status"),
                FileView.text(move, "detail")));
        return table;
    }
}
