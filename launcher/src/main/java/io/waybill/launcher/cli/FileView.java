package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Status;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** One file as the HTTP API tells it, for people to read. What is not there reads as an empty text. */
record FileView(JsonNode json) {
    String id() {
        return text(json, "id");
    }

    String status() {
        return text(json, "status");
    }

    boolean terminal() {
        return switch (status()) {
            case "PENDING", "STARTED", "" -> false;
            default -> true;
        };
    }

    boolean completed() {
        return status().equals(Status.COMPLETED.name());
    }

    String route() {
        return text(json, "route");
    }

    String key() {
        return printable(text(json.path("source"), "key"));
    }

    String bucket() {
        return text(json.path("source"), "bucket");
    }

    String size() {
        return text(json.path("source"), "size");
    }

    String changedAt() {
        return seconds(text(json, "changedAt"));
    }

    /** Where it is, or why it is not there. */
    String outcome() {
        JsonNode failure = json.path("failure");
        return failure.isObject()
                ? text(failure, "kind") + ": " + printable(text(failure, "detail"))
                : printable(text(json.path("receipt"), "path"));
    }

    static String text(JsonNode node, String field) {
        return node.path(field).isNull() ? "" : node.path(field).asText("");
    }

    /** To the second, as far as it is a time at all. */
    static String seconds(String instant) {
        try {
            return Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    /** A key is anybody's text: control characters must not reach a terminal. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
