package io.waybill.launcher.cli.action;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.launcher.cli.notification.RecordRetry;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill retry}: tries again now. */
@Command(
        name = "retry",
        description = {
                "Tries files now that wait for their next attempt: one file by its id, or all files that were deferred"
                        + " because a destination was down. The workers also try the destination again at once, which may"
                        + " be one more refused login.",
                "With --record: lets ingest read a notification again that became a dead letter of type RECORD, or whose"
                        + " object waits for the store.",
                "For files that are FAILED or TIMED_OUT use 'waybill redrive'."
        },
        footer = {
                "",
                "Examples:",
                "  waybill retry mfrggzdfmztwq2lkmnxw4zlt2y",
                "  waybill retry --destination acme --reason 'acme has a new host key, and we pinned it'",
                "  waybill retry --record 3@4711"
        })
public final class RetryCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The id of one file.")
    private String id = "";

    @Option(
            names = "--destination",
            paramLabel = "NAME",
            description = "All files that wait for this destination, oldest first.")
    private String destination = "";

    @Mixin
    private final ActionOptions action = new ActionOptions();

    @Option(
            names = "--record",
            paramLabel = "PARTITION@OFFSET",
            description = "A notification, as the origin of its dead letter names it.")
    private String record = "";

    public RetryCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (Stream.of(id, destination, record).filter(each -> !each.isEmpty()).count() != 1) {
            throw CommandException.usage("which files? Give an ID, --destination NAME, or --record PARTITION@OFFSET");
        }
        if (!record.isEmpty()) {
            return new RecordRetry(context).run(record);
        }
        try (var api = ApiClient.of(context)) {
            if (destination.isEmpty()) {
                one(api, FileIds.parse(id));
            } else {
                destination(api, name(destination));
            }
        }
        return ExitCode.DONE.number();
    }

    private void one(ApiClient api, FileId file) {
        var request = new OperatorRequest(api.by(action.by()), action.reason(), null, false, false);
        context.terminal().result(
                api.ask(file, "retry", request).orElseThrow(() -> FileIds.unknown(file)),
                "retry of " + file + " requested; 'waybill show " + file + "' shows the result");
    }

    private static DestinationName name(String text) {
        try {
            return new DestinationName(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--destination: " + e.getMessage());
        }
    }

    private void destination(ApiClient api, DestinationName name) {
        context.terminal().result(
                api.retry(name, new ReleaseRequest(api.by(action.by()), action.reason()))
                        .orElseThrow(() -> CommandException.failed("no destination of the name '" + name
                                + "' is configured at the server there, or it is not Waybill of this version")),
                "retry of the files that wait for " + name + " requested; 'waybill files --destination " + name
                        + "' shows them");
    }
}
