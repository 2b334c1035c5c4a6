package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.live.DestinationAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.FilesAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.WorkerAnswer;
import io.waybill.runtime.api.live.DestinationsAnswer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints destinations for people. */
public final class DestinationsReport {
    private static final int LABEL = 12;

    private final Terminal terminal;
    private final Instant now;

    /**
     * @param now for ages
     */
    public DestinationsReport(Terminal terminal, Instant now) {
        this.terminal = terminal;
        this.now = now;
    }

    /** One line for each. */
    public void print(DestinationsAnswer answer) {
        if (answer.destinations().isEmpty()) {
            terminal.result("no destinations");
            return;
        }
        var table = new Table(
                "DESTINATION", "~STATE", ">CONNECTIONS", "CLASS", ">IN FLIGHT", ">RATE", ">QUEUED", ">WAITING",
                ">FAILED", ">IN DOUBT");
        answer.destinations().forEach(destination -> {
            var state = new DestinationState(destination, now);
            FilesAnswer files = destination.files();
            table.row(
                    destination.name(),
                    state.words(),
                    state.connections(),
                    state.promised(),
                    String.valueOf(state.inFlight()),
                    state.rate(),
                    String.valueOf(files.queued()),
                    String.valueOf(files.waiting()),
                    String.valueOf(files.failed() + files.timedOut()),
                    String.valueOf(files.inDoubt()));
        });
        terminal.result(table);
        if (answer.workers() == 0) {
            terminal.result(terminal.red("no worker lives") + ": none said anything in the last 35 seconds");
        }
    }

    /** All about one. */
    public void print(DestinationAnswer destination) {
        var state = new DestinationState(destination, now);
        FilesAnswer files = destination.files();
        line("destination", terminal.bold(Terminal.printable(destination.name())));
        line("state", state.down() ? terminal.red(state.words()) : state.words());
        destination.halts().forEach(halt -> line("", Terminal.printable(halt.text())));
        line("address", Terminal.printable(destination.user() + "@" + destination.host() + ":" + destination.port()
                + destination.root()));
        line("routes", Terminal.printable(String.join(", ", destination.routes())));
        line("connections", state.connections() + ", " + destination.inFlight() + " files at one time over each");
        line("class", state.promised());
        destination.hostKeys().forEach(key -> line("host key", Terminal.printable(key) + "  (pinned)"));
        line("files", files.queued() + " queued, " + files.waiting() + " waiting, " + files.started() + " started, "
                + files.completed() + " completed, " + files.failed() + " failed, " + files.timedOut() + " timed out, "
                + files.inDoubt() + " in doubt");
        if (!destination.workers().isEmpty()) {
            terminal.result("");
            terminal.result(workers(destination.workers()));
        }
        if (state.inFlight() > 0) {
            terminal.result("");
            terminal.result(WatchReport.files(List.of(destination), Integer.MAX_VALUE));
        }
    }

    private Table workers(List<WorkerAnswer> workers) {
        var table = new Table("WORKER", "BREAKER", ">CONNECTIONS", ">RATE", "LAST TRY", "NEXT TRY", "~HOST KEY",
                "~FAILURE");
        workers.forEach(worker -> table.row(
                worker.worker(),
                worker.breaker(),
                String.valueOf(worker.connections()),
                ProgressText.rate(worker.bytesPerSecond()),
                time(worker.triedAt()),
                time(worker.nextTry()),
                text(worker.hostKey()),
                worker.failure() == null ? "" : worker.failure() + ": " + text(worker.detail())));
        return table;
    }

    private static String time(@Nullable String at) {
        return at == null ? "" : FileView.seconds(at);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private void line(String label, String text) {
        if (!text.isEmpty()) {
            terminal.result(label + " ".repeat(LABEL - label.length()) + text);
        }
    }
}
