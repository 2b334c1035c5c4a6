package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.StatusAnswer;
import io.waybill.runtime.api.StatusAnswer.Failed;
import io.waybill.runtime.api.StatusAnswer.Halted;
import io.waybill.runtime.api.StatusAnswer.HeldPartition;
import io.waybill.runtime.api.StatusAnswer.RecordLetters;
import io.waybill.runtime.api.StatusAnswer.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
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
    /** Each file fails by itself, and all fail. */
    private static final Set<String> WHOLE_SERVER = Set.of("DISK_FULL");
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
        return !look().isEmpty();
    }

    /** The commands that show what needs a person. */
    private List<String> look() {
        List<String> commands = new ArrayList<>();
        if (!held().isEmpty()) {
            commands.add("'waybill ledger'");
        }
        if (status.failed().stream().anyMatch(StatusReport::needsAPerson)) {
            commands.add("'waybill files --status FAILED,TIMED_OUT'");
        }
        if (status.waiting().stream().anyMatch(this::needsAPerson)) {
            commands.add("'waybill files --waiting'");
        }
        if (status.letters() != null && status.letters().records() > 0) {
            commands.add("'waybill dead-letters --type RECORD'");
        }
        return commands;
    }

    private List<HeldPartition> held() {
        return Objects.requireNonNullElse(status.held(), List.of());
    }

    private static boolean needsAPerson(Failed failed) {
        return failed.failure() == null || !SETTLED.contains(failed.failure());
    }

    private boolean needsAPerson(Waiting waiting) {
        return NOT_BY_ITSELF.contains(waiting.failure())
                || (isDown(waiting) || WHOLE_SERVER.contains(waiting.failure()))
                        && age(waiting.since()).compareTo(LONG) > 0;
    }

    /** A file is deferred only for a fault of the whole destination. */
    private static boolean isDown(Waiting waiting) {
        return waiting.waitsAfter().equals("DEFERRAL");
    }

    public void print(Terminal terminal) {
        terminal.result(terminal.bold("files   ") + status.byStatus().entrySet().stream()
                .map(count -> count.getValue() + " " + Terminal.printable(count.getKey()))
                .collect(Collectors.joining(", ")));
        if (status.configStale()) {
            terminal.result(terminal.bold("config  ")
                    + "the files have changed since an instance read them; restart the services to apply them");
        }
        if (status.lag() != null) {
            terminal.result(terminal.bold("behind  ") + status.lag().entrySet().stream()
                    .map(lag -> Terminal.printable(lag.getKey()) + " " + lag.getValue())
                    .collect(Collectors.joining(", ")) + " records");
        }
        section(terminal, "on hold: nothing of these partitions is delivered", onHold(), held().isEmpty());
        List<Halted> halted = Objects.requireNonNullElse(status.halted(), List.of());
        section(terminal, "paused or closed: no file of these starts", halted(halted), halted.isEmpty());
        section(terminal, "open", open(), status.open().isEmpty());
        section(terminal, "waiting", waiting(), status.waiting().isEmpty());
        if (!status.complete()) {
            terminal.result("(more files wait than were counted)");
        }
        List<Failed> unsettled = status.failed().stream().filter(StatusReport::needsAPerson).toList();
        section(terminal, "failed, each with a dead letter", failed(unsettled), unsettled.isEmpty());
        printLetters(terminal);
        terminal.result("");
        terminal.result(needsAPerson()
                ? terminal.red("needs a person") + ": see " + String.join(" and ", look())
                : terminal.green("nothing needs a person"));
    }

    private void printLetters(Terminal terminal) {
        RecordLetters letters = status.letters();
        if (letters == null || letters.records() == 0) {
            return;
        }
        var table = new Table("AT", "RECORD", "~REASON");
        letters.newest().forEach(letter -> table.row(letter.at(), letter.origin(), letter.reason()));
        String count = letters.records() + (letters.complete() ? "" : " or more");
        section(
                terminal,
                "records that became dead letters in the last 24 hours: " + count + ", the newest first",
                table,
                false);
    }

    private Table onHold() {
        var table = new Table(">PARTITION", "~REASON");
        held().forEach(one -> table.row(String.valueOf(one.partition()), one.reason()));
        return table;
    }

    private static void section(Terminal terminal, String title, Table table, boolean empty) {
        if (!empty) {
            terminal.result("");
            terminal.result(terminal.bold(title));
            terminal.result(table);
        }
    }

    private static Table halted(List<Halted> halted) {
        var table = new Table(">FILES", "~WHY");
        halted.forEach(one -> table.row(String.valueOf(one.files()), one.text()));
        return table;
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
