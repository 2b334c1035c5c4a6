package io.waybill.launcher.report;

import io.waybill.domain.Status;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.PhaseAnswer;
import io.waybill.runtime.api.ReceiptAnswer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** One file from the HTTP API, for people. A missing field reads as an empty text. */
public record FileView(FileAnswer file) {
    public String id() {
        return Terminal.printable(file.id());
    }

    public String status() {
        return Terminal.printable(file.status());
    }

    public boolean terminal() {
        return switch (file.status()) {
            case "COMPLETED", "FAILED", "TIMED_OUT" -> true;
            default -> false;
        };
    }

    public boolean completed() {
        return file.status().equals(Status.COMPLETED.name());
    }

    public String route() {
        return Terminal.printable(file.route());
    }

    /** Whether nothing is kept of the file but its id, its status and its times. */
    public boolean forgotten() {
        return Boolean.TRUE.equals(file.forgotten());
    }

    /** That the receipt is of a delivery before this one; empty if it is not. */
    public String deliveredBefore() {
        return Boolean.TRUE.equals(file.resent())
                ? "sent once more: it was delivered before, as the receipt says"
                : "";
    }

    public String key() {
        return forgotten() ? "(forgotten)" : Terminal.exact(file.source().key());
    }

    public String size() {
        return String.valueOf(file.source().size());
    }

    public String source() {
        return "s3://" + Terminal.printable(file.source().bucket()) + "/" + key();
    }

    /** Where a source found it, for people; empty if it is not proven that one did. */
    String origin() {
        @Nullable String kind = file.source().originKind();
        if (kind == null) {
            return "";
        }
        String user = file.source().originUser() == null ? "" : " for " + file.source().originUser();
        return Terminal.printable(
                kind + " " + file.source().originSource() + user + ": " + file.source().originIdentity());
    }

    /** Destination and path; empty for a file without a delivery. */
    public String target() {
        return file.destination() == null ? "" : text(file.destination()) + ":" + path(file.path());
    }

    /** The text beside the status: where the file is, why it is not there, or what it waits for. */
    public String outcome() {
        PhaseAnswer phase = file.phase();
        return switch (file.status()) {
            case "COMPLETED" -> file.receipt() == null ? "" : path(file.receipt().path());
            case "FAILED" ->
                forgotten() ? text(phase.failure()) : text(phase.failure()) + ": " + text(phase.detail());
            case "TIMED_OUT" -> text(phase.deadline());
            case "STARTED" ->
                phase.heartbeatBy() == null
                        ? "by " + text(phase.by())
                        : "by " + text(phase.by()) + ", to be heard of by " + text(phase.heartbeatBy());
            default ->
                file.halt() != null ? text(file.halt().text())
                        : phase.due() == null
                                ? ""
                                : "due " + text(phase.due()) + " after " + text(phase.failure()) + ": "
                                        + text(phase.detail());
        };
    }

    /** Every field with its name. */
    public String receipt() {
        ReceiptAnswer receipt = file.receipt();
        if (receipt == null) {
            return "";
        }
        return "path " + path(receipt.path()) + ", bytes " + receipt.bytes()
                + (receipt.sha256() == null ? "" : ", sha256 " + text(receipt.sha256()))
                + ", proof " + text(receipt.proof())
                + ", destinationClass " + text(receipt.destinationClass())
                + ", durationMillis " + receipt.durationMillis();
    }

    public String arrivedAt() {
        return Terminal.printable(file.arrivedAt());
    }

    /** The time, to the second. */
    public String changedAt() {
        return seconds(Terminal.printable(file.changedAt()));
    }

    /**
     * Returns a text that is safe to print. Anybody can write keys and details, and control characters must not reach a
     * terminal.
     */
    private static String text(@Nullable String text) {
        return text == null ? "" : Terminal.printable(text);
    }

    private static String path(@Nullable String path) {
        return path == null ? "" : Terminal.exact(path);
    }

    /** The time to the second, if the text is a time. */
    public static String seconds(String instant) {
        try {
            return Instant.parse(instant).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeParseException e) {
            return instant;
        }
    }
}
