package io.waybill.launcher.cli.notification;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.UnroutedAnswer.UnroutedObject;
import io.waybill.runtime.service.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill unrouted}: lists objects of which no file came. */
@Command(
        name = "unrouted",
        description = {
                "Lists the newest objects of which no file came, and why: no route takes them, the store does not have or"
                        + " does not describe them, or their key is not safe.",
                "The ingest-service at the address of the API answers, and knows what it has read since its"
                        + " start."
        },
        footer = {
                "",
                "Examples:",
                "  waybill unrouted",
                "  waybill unrouted --cause DENIED --limit 200 --json"
        })
public final class UnroutedCommand implements Callable<Integer> {
    private final Context context;

    /** As in the API. */
    enum Cause {
        NO_ROUTE,
        GONE,
        DENIED,
        BAD_NAME
    }

    @Option(names = "--cause", description = "Only objects with this cause: ${COMPLETION-CANDIDATES}.")
    private @Nullable Cause cause;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most N objects, 1 to 1000. Default: 50")
    private int limit = 50;

    public UnroutedCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > 1_000) {
            throw CommandException.usage("--limit must be from 1 to 1000, was " + limit);
        }
        Terminal terminal = context.terminal();
        try (var api = ApiClient.of(context)) {
            List<UnroutedObject> objects = api.unrouted(Map.of(
                    "cause", cause == null ? "" : cause.name(), "limit", String.valueOf(limit)))
                    .orElseThrow(() -> CommandException.failed(
                            "the process there has no ingest-service, or is not Waybill of this version"))
                    .objects();
            if (terminal.json()) {
                terminal.result(objects);
            } else {
                print(terminal, objects);
            }
        }
        return ExitCode.DONE.number();
    }

    private static void print(Terminal terminal, List<UnroutedObject> objects) {
        if (objects.isEmpty()) {
            terminal.result(
                    "since the start of that ingest-service, every announced object became a file or waits for its turn");
            return;
        }
        var table = new Table("SEEN", "CAUSE", "OBJECT", "REASON");
        objects.forEach(one -> table.row(
                FileView.seconds(one.at()),
                Terminal.printable(one.cause()),
                Terminal.exact(one.bucket() + "/" + one.key()),
                Terminal.printable(one.reason())));
        terminal.result(table);
    }
}
