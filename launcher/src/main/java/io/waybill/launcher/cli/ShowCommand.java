package io.waybill.launcher.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.waybill.domain.FileId;
import io.waybill.launcher.cli.live.FollowedFile;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileDetails;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.MoveAnswer;
import io.waybill.runtime.service.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill show ID}: shows the history of one file. */
@Command(
        name = "show",
        description = "Shows one file: its state, source, target, receipt and history. With --follow it waits for the"
                + " file's final state and shows its progress; the exit code is then 0 if the file is COMPLETED, else 1.",
        footer = {
                "",
                "Examples:",
                "  waybill show mfrggzdfmztwq2lkmnxw4zlt2y",
                "  waybill show mfrggzdfmztwq2lkmnxw4zlt2y --follow",
                "  waybill show mfrggzdfmztwq2lkmnxw4zlt2y --json"
        })
final class ShowCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The file's id: 26 characters, as 'files' and 'send' print it.")
    private String id = "";

    @Option(names = "--follow", description = "Waits until the file has a final state, and shows its progress.")
    private boolean follow;

    ShowCommand(Context context) {
        this.context = context;
    }

    /** A file and its history, as one object. */
    private record WithHistory(@JsonUnwrapped FileAnswer file, List<MoveAnswer> history) {}

    @Override
    public Integer call() {
        FileId file = FileIds.parse(id);
        Terminal terminal = context.terminal();
        try (var api = ApiClient.of(context)) {
            FileAnswer state = follow
                    ? FollowedFile.awaitEnd(api, file, terminal)
                    : api.file(file).orElseThrow(() -> FileIds.unknown(file));
            List<MoveAnswer> history =
                    api.history(file).orElseThrow(() -> FileIds.unknown(file)).history();
            if (terminal.json()) {
                terminal.result(new WithHistory(state, history));
            } else {
                FileDetails.print(terminal, state, history, context.environment().clock().instant());
            }
            return (follow && !new FileView(state).completed() ? ExitCode.FAILED : ExitCode.DONE).number();
        }
    }
}
