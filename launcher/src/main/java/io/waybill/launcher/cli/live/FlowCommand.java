package io.waybill.launcher.cli.live;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.live.FlowAnswer;
import io.waybill.runtime.api.live.FlowAnswer.Counts;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill flow}: shows what happened in each of the last minutes. */
@Command(
        name = "flow",
        description = {
                "Shows for each of the last minutes how many files arrived, were completed and failed, and how many bytes"
                        + " were delivered. Minutes in which nothing happened are left out.",
                "A file counts in the minute of its arrival, and in the minute of its present end."
        },
        footer = {
                "",
                "Examples:",
                "  waybill flow",
                "  waybill flow --minutes 10 --destination acme",
                "  waybill flow --json"
        })
public final class FlowCommand implements Callable<Integer> {
    private static final int MOST = 180;

    private final Context context;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "60",
            description = "The last N minutes, 1 to 180. Default: 60")
    private int minutes = 60;

    @Option(names = "--destination", paramLabel = "NAME", description = "Only files for this destination.")
    private String destination = "";

    public FlowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (minutes < 1 || minutes > MOST) {
            throw CommandException.usage("--minutes must be 1 to " + MOST + ", was " + minutes);
        }
        FlowAnswer flow;
        try (var api = ApiClient.of(context)) {
            flow = api.flow(minutes).orElseThrow(() -> CommandException.failed(
                    "the server there cannot tell the flow; is it Waybill of this version?"));
        }
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(flow);
        } else {
            print(terminal, flow);
        }
        return ExitCode.DONE.number();
    }

    private void print(Terminal terminal, FlowAnswer flow) {
        var table = new Table("MINUTE", "ARRIVED", "COMPLETED", "FAILED", "BYTES");
        Counts sum = Counts.NONE;
        for (FlowAnswer.Minute minute : flow.minutes()) {
            Counts counts = destination.isEmpty()
                    ? minute.total()
                    : minute.byDestination().getOrDefault(destination, Counts.NONE);
            if (!counts.equals(Counts.NONE)) {
                row(table, FileView.seconds(minute.at()), counts);
                sum = sum.plus(counts);
            }
        }
        if (sum.equals(Counts.NONE)) {
            terminal.result("nothing happened in the last " + minutes + " minutes");
        } else {
            row(table, "sum", sum);
            terminal.result(table);
        }
    }

    private static void row(Table table, String name, Counts counts) {
        table.row(
                name,
                String.valueOf(counts.arrived()),
                String.valueOf(counts.completed()),
                String.valueOf(counts.failed()),
                Amounts.bytes(counts.bytes()));
    }
}
