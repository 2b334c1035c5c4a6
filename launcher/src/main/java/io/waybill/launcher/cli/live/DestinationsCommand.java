package io.waybill.launcher.cli.live;

import io.waybill.domain.DestinationName;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.DestinationsReport;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.live.DestinationAnswer;
import io.waybill.runtime.api.live.DestinationsAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code waybill destinations [NAME]}: shows the partners' servers as the workers see them now. */
@Command(
        name = "destinations",
        description = {
                "Shows the destinations: which are down and since when, which are paused or closed, their connections, what"
                        + " is under way, and how many files wait, failed or are in doubt. With NAME it shows all about one.",
                "What workers say is at most some seconds old. 'waybill status' says what needs a person."
        },
        footer = {
                "",
                "Examples:",
                "  waybill destinations",
                "  waybill destinations acme",
                "  waybill destinations --json"
        })
public final class DestinationsCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The destination.")
    private String name = "";

    public DestinationsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        var report = new DestinationsReport(terminal, context.environment().clock().instant());
        try (var api = ApiClient.of(context)) {
            if (name.isEmpty()) {
                DestinationsAnswer all = all(api);
                if (terminal.json()) {
                    terminal.result(all);
                } else {
                    report.print(all);
                }
            } else {
                DestinationAnswer one = one(api);
                if (terminal.json()) {
                    terminal.result(one);
                } else {
                    report.print(one);
                }
            }
        }
        return ExitCode.DONE.number();
    }

    /** All destinations. */
    static DestinationsAnswer all(ApiClient api) {
        return api.destinations().orElseThrow(() -> CommandException.failed(
                "the server there cannot list destinations; is it Waybill of this version?"));
    }

    private DestinationAnswer one(ApiClient api) {
        DestinationName destination;
        try {
            destination = new DestinationName(name);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
        return api.destination(destination).orElseThrow(() -> CommandException.failed(
                "there is no destination '" + name + "'; 'waybill destinations' lists them"));
    }
}
