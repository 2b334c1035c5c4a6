package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.StatusAnswer;
import io.waybill.runtime.api.StatusAnswer.Failed;
import io.waybill.runtime.api.StatusAnswer.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints a status for people, and says whether it needs one of them. */
public final class StatusReport {
    /** A partner that restarts its server is back before that. */
    private static final Duration LONG = Duration.ofMinutes(15);
    /** Waiting does not mend these. */
    private static final Set<String> NOT_BY_ITSELF = Set.of("AUTHENTICATION", "HOST_KEY");
    /** Somebody has decided, or a newer version has taken the place. */
    private static final Set<String> SETTLED = Set.of("CANCELLED", "SUPERSEDED");

    private final StatusAnswer status;
    private final Instant now;

    /**
     * @param now the time from which ages are counted
     */
    public StatusReport(StatusAnswer status, Instant now) {
        this.status = status;
        this.now = now;
    }

    /** Whether something is wrong that does not mend itself. */
    public boolean needsAPerson() {
        return status.failed().stream().anyMatch(StatusReport::needsAPerson)
                || status.waiting().stream().anyMatch(this::needsAPerson);
    }

    private static boolean needsAPerson(Failed failed) {
        return failed.failure() == null || !SETTLED.contains(failed.failure());
    }

    private boolean needsAPerson(Waiting waiting) {
        return NOT_BY_ITSELF.contains(waiting.failure())
                || isDown(waiting) && age(waiting.since()).compareTo(LONG) > 0;
    }

    /** A file is deferred only for a fault of the whole destination. */
    private static boolean isDown(Waiting waiting) {
        return waiting.waitsAfter().equals("DEFERRAL");
    }

    public void print(Terminal terminal) {
        terminal.result(terminal.bold("files   ") + status.byStatus().entrySet().stream()
                .map(count -> count.getValue() + " " + Terminal.printable(count.getKey()))
                .collect(Collectors.joining(", ")));
        if (status.lag() != null) {
            terminal.result(terminal.bold("behind  ") + status.lag().entrySet().stream()
                    .map(lag -> Terminal.printable(lag.getKey()) + " " + lag.getValue())
                    .collect(Collectors.joining(", ")) + " records");
        }
        section(terminal, "open", open(), status.open().isEmpty());
        section(terminal, "waiting", waiting(), status.waiting().isEmpty());
        if (!status.complete()) {
            terminal.result("(more files wait than were counted)");
        }
        List<Failed> unsettled = status.failed().stream().filter(StatusReport::needsAPerson).toList();
        section(terminal, "failed, each with a dead letter", failed(unsettled), unsettled.isEmpty());
        terminal.result("");
        terminal.result(needsAPerson()
                ? terminal.red("needs a person") + ": see 'waybill files --status FAILED' and 'waybill files --waiting'"
                : terminal.green("nothing needs a person"));
    }

    private static void section(Terminal terminal, String title, Table table, boolean empty) {
        if (!empty) {
            terminal.result("");
            terminal.result(terminal.bold(title));
            terminal.result(table);
        }
    }

    private Table open() {
        var table = new Table("~ROUTE", ">FILES", ">OLDEST");
        status.open().forEach(route -> table.row(
                route.route(), String.valueOf(route.files()), Amounts.age(age(route.oldest()))));
        return table;
    }

    private Table waiting() {
        var table = new Table("~DESTINATION", "STATE", "SINCE", ">FILES", "FAILURE", "~DETAIL");
        status.waiting().forEach(waiting -> table.row(
                Objects.requireNonNullElse(waiting.destination(), "(importers)"),
                isDown(waiting) ? "down" : "up",
                waiting.since(),
                String.valueOf(waiting.files()),
                waiting.failure(),
                waiting.detail()));
        return table;
    }

    private static Table failed(List<Failed> failed) {
        var table = new Table("STATUS", "FAILURE", "~ROUTE", "~DESTINATION", ">FILES");
        failed.forEach(one -> table.row(
                one.status(),
                Objects.requireNonNullElse(one.failure(), ""),
                one.route(),
                Objects.requireNonNullElse(one.destination(), ""),
                String.valueOf(one.files())));
        return table;
    }

    private Duration age(String instant) {
        try {
            Duration age = Duration.between(Instant.parse(instant), now);
            return age.isNegative() ? Duration.ZERO : Duration.ofSeconds(age.toSeconds());
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
