package io.waybill.launcher.cli;

import io.waybill.domain.Status;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FilePage;
import io.waybill.runtime.service.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill files}: lists the files that the state-processor knows. */
@Command(
        name = "files",
        description = "Lists files and their states.",
        footer = {
                "",
                "Examples:",
                "  waybill files",
                "  waybill files --status FAILED --limit 20",
                "  waybill files --route invoices --destination acme --json"
        })
final class FilesCommand implements Callable<Integer> {
    private static final int PAGE = 500;

    private final Context context;

    @Option(names = "--status", description = "Only files in this status: ${COMPLETION-CANDIDATES}.")
    private @Nullable Status status;

    @Option(names = "--route", paramLabel = "NAME", description = "Only files of this route.")
    private String route = "";

    @Option(names = "--destination", paramLabel = "NAME", description = "Only files for this destination.")
    private String destination = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most N files. Default: 50")
    private int limit = 50;

    FilesCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw CommandException.usage("--limit must be 1 or more, was " + limit);
        }
        Terminal terminal = context.terminal();
        try (var api = new ApiClient(context.configuration().http())) {
            List<FileAnswer> files = files(api);
            if (terminal.json()) {
                terminal.result(files);
            } else {
                print(terminal, files);
            }
        }
        return ExitCode.DONE.number();
    }

    private List<FileAnswer> files(ApiClient api) {
        var files = new ArrayList<FileAnswer>();
        String cursor = "";
        do {
            var query = new LinkedHashMap<String, String>();
            query.put("status", status == null ? "" : status.name());
            query.put("route", route);
            query.put("destination", destination);
            query.put("limit", String.valueOf(Math.min(PAGE, limit - files.size())));
            query.put("cursor", cursor);
            FilePage page = api.files(query).orElseThrow(FilesCommand::tooOld);
            files.addAll(page.files());
            cursor = page.cursor() == null ? "" : page.cursor();
        } while (!cursor.isEmpty() && files.size() < limit);
        return files;
    }

    private static CommandException tooOld() {
        return CommandException.failed("the server there has no list of files; is it Waybill's HTTP API?");
    }

    private static void print(Terminal terminal, List<FileAnswer> files) {
        if (files.isEmpty()) {
            terminal.result("no files");
            return;
        }
        var table = new Table("ID", "STATUS", "ROUTE", ">BYTES", "CHANGED", "KEY", "OUTCOME");
        for (FileAnswer answer : files) {
            var file = new FileView(answer);
            table.row(file.id(), file.status(), file.route(), file.size(), file.changedAt(), file.key(),
                    file.outcome());
        }
        table.lines().forEach(terminal::result);
    }
}
