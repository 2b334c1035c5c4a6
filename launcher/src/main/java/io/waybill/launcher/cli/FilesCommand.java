package io.waybill.launcher.cli;

import io.waybill.domain.Status;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Amounts;
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
        description = "Lists files and their states, the newest first.",
        footer = {
                "",
                "Examples:",
                "  waybill files",
                "  waybill files --status FAILED --limit 20",
                "  waybill files --waiting --destination acme",
                "  waybill files --key invoices/2026/march.csv --bucket outbound",
                "  waybill files --name march --since 2h",
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

    @Option(names = "--key", paramLabel = "KEY", description = "Only files whose object has this key.")
    private String key = "";

    @Option(names = "--bucket", paramLabel = "NAME", description = "Only files whose object is in this bucket.")
    private String bucket = "";

    @Option(names = "--name", paramLabel = "TEXT",
            description = "Only files with this text in the last part of their key.")
    private String name = "";

    @Option(names = "--path", paramLabel = "TEXT",
            description = "Only files with this text in their path at the destination.")
    private String path = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only files whose last change was then or later: 2026-01-31T12:00:00Z, 2026-01-31, yesterday,"
                    + " or 2h for two hours ago.")
    private String since = "";

    @Option(names = "--waiting",
            description = "Only files that wait for their next attempt after a failure or a deferral, with the reason.")
    private boolean waiting;

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
        try (var api = ApiClient.of(context)) {
            Found found = find(api);
            if (terminal.json()) {
                terminal.result(found.files());
            } else {
                print(terminal, found);
            }
        }
        return ExitCode.DONE.number();
    }

    /**
     * The files to print.
     *
     * @param total how many match; null if nobody counted them
     * @param more  whether others match, as far as is known
     */
    private record Found(List<FileAnswer> files, @Nullable Long total, boolean more) {}

    private Found find(ApiClient api) {
        String earliest = since.isEmpty() ? "" : context.instant("--since", since).toString();
        @Nullable Long total;
        var files = new ArrayList<FileAnswer>();
        String cursor = "";
        do {
            var query = new LinkedHashMap<String, String>();
            query.put("status", status == null ? "" : status.name());
            query.put("route", route);
            query.put("destination", destination);
            query.put("key", key);
            query.put("bucket", bucket);
            query.put("name", name);
            query.put("path", path);
            query.put("since", earliest);
            query.put("waiting", waiting ? "true" : "");
            query.put("order", "newest");
            query.put("limit", String.valueOf(Math.min(PAGE, limit - files.size())));
            query.put("cursor", cursor);
            FilePage page = api.files(query).orElseThrow(FilesCommand::tooOld);
            files.addAll(page.files());
            total = page.total();
            cursor = page.cursor() == null ? "" : page.cursor();
        } while (!cursor.isEmpty() && files.size() < limit);
        return new Found(files, total, !cursor.isEmpty());
    }

    private static CommandException tooOld() {
        return CommandException.failed("the server there has no list of files; is it Waybill's HTTP API?");
    }

    private static void print(Terminal terminal, Found found) {
        if (found.files().isEmpty()) {
            terminal.result("no files");
            return;
        }
        var table = new Table("ID", "STATUS", "ROUTE", ">BYTES", "CHANGED", "~KEY", "~OUTCOME");
        for (FileAnswer answer : found.files()) {
            var file = new FileView(answer);
            table.row(file.id(), file.status(), file.route(), file.size(), file.changedAt(), file.key(),
                    file.outcome());
        }
        terminal.result(table);
        if (found.more()) {
            int count = found.files().size();
            String shown = found.total() == null
                    ? Amounts.count(count, "file") + ", and there are more"
                    : count + " of " + found.total();
            terminal.result(shown + "; --limit N lists N of them");
        }
    }
}
