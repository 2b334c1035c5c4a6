package io.waybill.devstack.cli;

import io.waybill.devstack.demo.DemoProgress;
import io.waybill.devstack.demo.DemoReport;
import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.ProgressBar;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Shows a demo while it runs, and its result in the end. */
final class DemoView {
    private static final int MOST_FAULTS = 20;

    private final Terminal terminal;
    private final ProcessClock clock;
    private final Supplier<DemoProgress> progress;
    private final long began;

    DemoView(Terminal terminal, ProcessClock clock, Supplier<DemoProgress> progress) {
        this.terminal = terminal;
        this.clock = clock;
        this.progress = progress;
        began = clock.nanos();
    }

    /** One line of progress, with a bar on a terminal. */
    String line() {
        return line(progress.get(), clock.since(began));
    }

    String line(DemoProgress now, Duration elapsed) {
        if (now.total() == 0) {
            return "looking for files";
        }
        String files = "stored " + now.stored() + ", delivered " + now.ended() + " of " + now.total();
        String bytes = Amounts.bytes(now.endedBytes()) + "  " + Amounts.rate(now.endedBytes(), elapsed);
        String what = now.verified() > 0 ? "comparing " + now.verified() + " of " + now.total() : files + "  " + bytes;
        if (!terminal.live()) {
            return what;
        }
        double done = now.verified() > 0
                ? (double) now.verified() / now.total()
                : ((double) now.ended() / now.total() + share(now)) / 2;
        int width = Math.max(10, Math.min(40, terminal.columns() - what.length() - 10));
        return ProgressBar.render(done, width, terminal) + "  " + what;
    }

    /** Files and bytes count equally, because either may take the most time. */
    private static double share(DemoProgress now) {
        return now.totalBytes() == 0 ? 1 : (double) now.endedBytes() / now.totalBytes();
    }

    static void summarize(Terminal terminal, DemoReport report) {
        List<String> faults = report.faults();
        faults.stream()
                .limit(MOST_FAULTS)
                .forEach(fault -> terminal.note(terminal.red("fault: ") + Terminal.printable(fault)));
        if (faults.size() > MOST_FAULTS) {
            terminal.note("and " + (faults.size() - MOST_FAULTS) + " more");
        }
        var table =
                new Table(">FILES", ">DELIVERED", ">UNCHANGED", ">FAILED", ">BYTES", ">SECONDS", ">RATE", "VERIFIED");
        table.row(
                String.valueOf(report.files()),
                String.valueOf(report.delivered()),
                String.valueOf(report.unchanged()),
                String.valueOf(report.failed()),
                Amounts.bytes(report.bytes()),
                Amounts.seconds(report.time()),
                Amounts.rate(report.bytes(), report.time()),
                report.verified() ? "every byte" : "NO");
        table.lines(terminal.live() ? terminal.columns() : Integer.MAX_VALUE).forEach(terminal::note);
        terminal.note("");
        terminal.note(report.good()
                ? terminal.green("Every file is at its destination, once and whole.")
                : terminal.red("Not everything is as it should be."));
        if (terminal.json()) {
            terminal.result(json(report));
        }
    }

    private static Map<String, Object> json(DemoReport report) {
        var json = new LinkedHashMap<String, Object>();
        json.put("files", report.files());
        json.put("delivered", report.delivered());
        json.put("unchanged", report.unchanged());
        json.put("failed", report.failed());
        json.put("bytes", report.bytes());
        json.put("seconds", report.time().toMillis() / 1000.0);
        json.put("verified", report.verified());
        return json;
    }
}
