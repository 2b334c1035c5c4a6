package io.waybill.launcher.cli.explain;

import io.waybill.domain.FileId;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.WhyReport;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.explain.WhyAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code waybill why ID}: says in words what a file waits for. */
@Command(
        name = "why",
        description = "Says in words what one file waits for, since when, what happens next and when, and which commands"
                + " change that.",
        footer = {
                "",
                "Examples:",
                "  waybill why mfrggzdfmztwq2lkmnxw4zlt2y",
                "  waybill why mfrggzdfmztwq2lkmnxw4zlt2y --json"
        })
public final class WhyCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The file's id: 26 characters, as 'files' and 'send' print it.")
    private String id = "";

    public WhyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FileId file = FileIds.parse(id);
        Terminal terminal = context.terminal();
        WhyAnswer why;
        try (var api = ApiClient.of(context)) {
            why = api.why(file).orElseThrow(() -> FileIds.unknown(file));
        }
        if (terminal.json()) {
            terminal.result(why);
        } else {
            new WhyReport(why, context.environment().clock().instant()).print(terminal);
        }
        return ExitCode.DONE.number();
    }
}
