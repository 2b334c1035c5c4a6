package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Prints one file for people: what is known of it, then what happened to it. */
final class Story {
    private static final int LABEL = 10;

    private Story() {}

    static void print(Terminal terminal, JsonNode state, JsonNode history) {
        var file = new FileView(state);
        line(terminal, "file", terminal.bold(file.id()));
        line(terminal, "status", coloured(terminal, file.status()) + detail(state));
        line(terminal, "route", file.route());
        line(terminal, "source", "s3://" + file.bucket() + "/" + file.key() + "  (" + file.size() + " bytes)");
        JsonNode target = state.path("target");
        if (target.isObject()) {
            line(terminal, "target", FileView.text(target, "destination") + ":"
                    + FileView.printable(FileView.text(target, "path")));
        }
        JsonNode receipt = state.path("receipt");
        if (receipt.isObject()) {
            line(terminal, "receipt", String.join(", ", facts(receipt)));
        }
        line(terminal, "arrived", FileView.text(state, "arrivedAt"));
        line(terminal, "changed", FileView.text(state, "changedAt"));
        if (!history.isEmpty()) {
            terminal.result("");
            events(history).lines().forEach(terminal::result);
        }
    }

    private static void line(Terminal terminal, String label, String text) {
        terminal.result(terminal.dim(label + " ".repeat(LABEL - label.length())) + text);
    }

    private static String coloured(Terminal terminal, String status) {
        return switch (status) {
            case "COMPLETED" -> terminal.green(status);
            case "FAILED", "TIMED_OUT" -> terminal.red(status);
            default -> terminal.yellow(status);
        };
    }

    private static String detail(JsonNode state) {
        JsonNode failure = state.path("failure");
        return failure.isObject()
                ? "  " + FileView.text(failure, "kind") + ": " + FileView.printable(FileView.text(failure, "detail"))
                : "";
    }

    private static Table events(JsonNode history) {
        var table = new Table("AT", "EVENT", "DETAIL");
        history.forEach(event -> table.row(
                FileView.text(event, "at"), FileView.text(event, "event"), String.join(", ", eventFacts(event))));
        return table;
    }

    private static List<String> eventFacts(JsonNode event) {
        return facts(event).stream()
                .filter(fact -> !fact.startsWith("at ") && !fact.startsWith("event ") && !fact.startsWith("id "))
                .toList();
    }

    /** Each field as "name value", nested ones in one go. */
    private static List<String> facts(JsonNode object) {
        var facts = new ArrayList<String>();
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                facts.addAll(facts(value));
            } else if (!value.isNull()) {
                facts.add(field.getKey() + " " + FileView.printable(value.asText()));
            }
        });
        return facts;
    }
}
