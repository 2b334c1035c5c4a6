package io.waybill.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.domain.FileId;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.service.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code waybill show ID}: the story of one file. */
@Command(
        name = "show",
        description = "Tells the story of one file: its state, source, target and receipt, and what happened when.",
        footer = {
                "",
                "Examples:",
                "  waybill show mfrggzdfmztwq2lkmnxw4zlt2y",
                "  waybill show mfrggzdfmztwq2lkmnxw4zlt2y --json"
        })
final class ShowCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "ID", description = "The file's id: 26 characters, as 'files' and 'send' print it.")
    private String id = "";

    ShowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        FileId file = fileId(id);
        Terminal terminal = context.terminal();
        try (var api = new ApiClient(context.configuration().http())) {
            JsonNode state = api.get("/v1/files/" + file, Map.of()).orElseThrow(() -> unknown(file));
            JsonNode history = api.get("/v1/files/" + file + "/history", Map.of())
                    .orElseThrow(() -> unknown(file))
                    .path("history");
            if (terminal.json()) {
                ObjectNode story = state.deepCopy();
                terminal.result(story.set("history", history));
            } else {
                Story.print(terminal, state, history);
            }
        }
        return ExitCode.DONE.number();
    }

    static FileId fileId(String text) {
        try {
            return new FileId(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }

    static CommandException unknown(FileId file) {
        return CommandException.failed("there is no file " + file
                + "; 'waybill files' lists those there are. Finished files are forgotten after their route's retention");
    }
}
