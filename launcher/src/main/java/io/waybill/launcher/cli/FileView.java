package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.Status;
import io.waybill.launcher.terminal.Terminal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** One file as the HTTP API tells it, for people to read. What is not there reads as an empty text. */
record FileView(JsonNode json) {
    String id() {
        return text("id");
    }

    String status() {
        return text("status");
    }

    boolean terminal() {
        return switch (status()) {
            case "COMPLETED", "FAILED", "TIMED_OUT" -> true;
            default -> false;
        };
    }

    boolean completed() {
        return status().equals(Status.COMPLETED.name());
    }

    String route() {
        return text("route");
    }

    String key() {
        return text("key");
    }

    String size() {
        return text("size");
    }

    String source() {
        return "s3://" + text("bucket") + "/" + key();
    }

    /** Destination and path; empty for a file that nothing delivers. */
    String target() {
        return text("destination").isEmpty() ? "" : text("destination") + ":" + text("path");
    }

    /** What there is to say beside the status: where it is, why it is not there, or what it waits for. */
    String outcome() {
        return switch (status()) {
            case "COMPLETED" -> text(json.path("receipt"), "path");
            case "FAILED" -> text("failure") + ": " + text("detail");
            case "TIMED_OUT" -> text("deadline");
            case "STARTED" ->
                text("heartbeatBy").isEmpty()
                        ? "by " + text("by")
                        : "by " + text("by") + ", to be heard of by " + text("heartbeatBy");
            default ->
                text("due").isEmpty() ? "" : "due " + text("due") + " after " + text("failure") + ": " + text("detail");
        };
    }

    String changedAt() {
        return seconds(text("changedAt"));
    }

    String text(String field) {
        return text(json, field);
    }

    /** A field, fit to print: keys and details are anybody's text, and control characters must not reach a terminal. */
    static String text(JsonNode node, String field) {
        return node.path(field).isNull() ? "" : Terminal.printable(node.path(field).asText(""));
    }

    /** To the second, as far as it is a time at all. */
    private static String seconds(String instant) {
        try {
            return Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return instant;
        }
    }
}
