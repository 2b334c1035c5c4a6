package io.waybill.launcher.cli;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.StatusReport;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.StatusAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code waybill status}: one screen for the person who is called at night. */
@Command(
        name = "status",
        description = {
                "Shows what is open and since when, which partners are down and since when, what failed, which partitions"
                        + " are on hold, which records became dead letters, and how far the services are behind.",
                "The exit code is 1 if something needs a person: a file that FAILED or TIMED_OUT (but not one that was"
                        + " cancelled or superseded), a partner that refuses logins or shows another host key, a"
                        + " partner that is down or has a full disk for more than 15 minutes, a partition on hold, or a"
                        + " record that became a dead letter in the last 24 hours."
        },
        footer = {
                "",
                "Examples:",
                "  waybill status",
                "  waybill status --api http://waybill.example:8080",
                "  waybill status --json"
        })
final class StatusCommand implements Callable<Integer> {
    private final Context context;

    StatusCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        StatusAnswer status;
        try (var api = ApiClient.of(context)) {
            status = api.status().orElseThrow(() -> CommandException.failed(
                    "the server there cannot tell its status; is it Waybill of this version?"));
        }
        var report = new StatusReport(status, context.environment().clock().instant());
        if (terminal.json()) {
            terminal.result(status);
        } else {
            report.print(terminal);
        }
        return (report.needsAPerson() ? ExitCode.FAILED : ExitCode.DONE).number();
    }
}
