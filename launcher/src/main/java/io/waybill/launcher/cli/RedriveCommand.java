package io.waybill.launcher.cli;

import io.waybill.domain.FileId;
import io.waybill.runtime.service.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill redrive ID}: sends a given-up file again. */
@Command(
        name = "redrive",
        description = "Sends a file again that is FAILED or TIMED_OUT. A delivery that turns out to have succeeded after"
                + " all is found before anything is sent. A file that is IN_DOUBT is not redriven: see 'waybill resolve'.",
        footer = {
                "",
                "Examples:",
                "  waybill redrive mfrggzdfmztwq2lkmnxw4zlt2y --reason 'partner made room'"
        })
final class RedriveCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The file's id.")
    private String id = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "asked for on the command line",
            description = "Why; kept in the file's history.")
    private String reason = "";

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who; kept in the file's history. Default: the user of this process")
    private String by = "";

    RedriveCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FileId file = ShowCommand.fileId(id);
        try (var api = new ApiClient(context.configuration().http())) {
            var answer = api.post("/v1/files/" + file + "/redrive", Map.of("by", by, "reason", reason))
                    .orElseThrow(() -> ShowCommand.unknown(file));
            Terminal terminal = context.terminal();
            if (terminal.json()) {
                terminal.result(answer);
            } else {
                terminal.result("redrive of " + file + " requested; 'waybill show " + file + "' tells how it goes");
            }
        }
        return ExitCode.DONE.number();
    }
}
