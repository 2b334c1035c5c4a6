package io.waybill.launcher.cli.action;

import io.waybill.domain.FileId;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.forget.ForgetAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill forget ID}: keeps nothing of a file but its id, its status and its times. */
@Command(
        name = "forget",
        description = {
                "Removes the key, the names, the path, the digests and the history of a file that is COMPLETED, FAILED or"
                        + " TIMED_OUT. Waybill keeps its id, its status and its times for the retention of the route, so"
                        + " that a repeated notification does not deliver it again. Nobody can undo this, or redrive or"
                        + " resend the file afterwards.",
                "The answer says which topics still hold data of the file, and until when. The object in the bucket, the"
                        + " file at the partner and logs are not touched.",
                "An open file is refused, and a file in doubt: see 'waybill cancel' and 'waybill resolve'."
        },
        footer = {
                "",
                "Examples:",
                "  waybill forget mfrggzdfmztwq2lkmnxw4zlt2y --dry-run",
                "  waybill forget mfrggzdfmztwq2lkmnxw4zlt2y --reason 'request 4711'"
        })
public final class ForgetCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The file's id.")
    private String id = "";

    @Option(names = "--dry-run", description = "Changes nothing. Says whether it would be accepted, and what remains.")
    private boolean dryRun;

    @Mixin
    private final ActionOptions action = new ActionOptions();

    public ForgetCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FileId file = FileIds.parse(id);
        try (var api = ApiClient.of(context)) {
            var request = new OperatorRequest(api.by(action.by()), action.reason(), null, false, dryRun);
            ForgetAnswer answer = api.forget(file, request).orElseThrow(() -> FileIds.unknown(file));
            if (context.terminal().json()) {
                context.terminal().result(answer);
            } else {
                print(context.terminal(), file, answer);
            }
        }
        return ExitCode.DONE.number();
    }

    private void print(Terminal terminal, FileId file, ForgetAnswer answer) {
        terminal.result(
                dryRun
                        ? file + " can be forgotten; nothing was changed"
                        : "requested to forget " + file + "; 'waybill show " + file + "' shows the result");
        terminal.result("These topics still hold data of it:");
        var table = new Table("TOPIC", "HOLDS", "~UNTIL");
        answer.remains().forEach(one -> table.row(
                Terminal.printable(one.topic()), Terminal.printable(one.holds()), Terminal.printable(one.until())));
        terminal.result(table);
    }
}
