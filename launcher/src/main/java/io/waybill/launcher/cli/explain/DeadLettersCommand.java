package io.waybill.launcher.cli.explain;

import io.waybill.domain.FailureKind;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.explain.DeadLettersAnswer;
import io.waybill.runtime.api.explain.DeadLettersAnswer.Letter;
import io.waybill.runtime.service.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill dead-letters}: lists what was given up. */
@Command(
        name = "dead-letters",
        description = {
                "Lists the newest dead letters: files that ended FAILED or TIMED_OUT, and records that a service could not"
                        + " read. Each has the command for the next step.",
                "A letter stays when its file is redriven and delivered. 'waybill files --status FAILED' lists what still"
                        + " is failed."
        },
        footer = {
                "",
                "Examples:",
                "  waybill dead-letters",
                "  waybill dead-letters --since yesterday --destination acme",
                "  waybill dead-letters --type RECORD --since 7d --limit 200 --json"
        })
public final class DeadLettersCommand implements Callable<Integer> {
    private final Context context;

    /** As in the API. */
    enum Type {
        FILE,
        RECORD
    }

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "Only letters of then or later: 2026-01-31T12:00:00Z, 2026-01-31, yesterday, or 2h for two hours"
                    + " ago. Default: 24h")
    private String since = "24h";

    @Nullable
    @Option(names = "--type", description = "Only letters of this type: ${COMPLETION-CANDIDATES}.")
    private Type type;

    @Option(names = "--route", paramLabel = "NAME", description = "Only files of this route.")
    private String route = "";

    @Option(names = "--destination", paramLabel = "NAME", description = "Only files for this destination.")
    private String destination = "";

    @Nullable
    @Option(
            names = "--failure",
            paramLabel = "KIND",
            description = "Only files with this failure: ${COMPLETION-CANDIDATES}.")
    private FailureKind failure;

    @Option(names = "--file", paramLabel = "ID", description = "Only letters about this file.")
    private String file = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most N letters, 1 to 1000. Default: 50")
    private int limit = 50;

    public DeadLettersCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > 1_000) {
            throw CommandException.usage("--limit must be from 1 to 1000, was " + limit);
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("since", context.instant("--since", since).toString());
        query.put("type", type == null ? "" : type.name());
        query.put("route", route);
        query.put("destination", destination);
        query.put("failure", failure == null ? "" : failure.name());
        query.put("file", file);
        query.put("limit", String.valueOf(limit));
        DeadLettersAnswer answer;
        try (var api = ApiClient.of(context)) {
            answer = api.deadLetters(query).orElseThrow(() -> CommandException.failed(
                    "the server there cannot list dead letters; is it Waybill of this version?"));
        }
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(answer);
        } else {
            print(terminal, answer);
        }
        return ExitCode.DONE.number();
    }

    private static void print(Terminal terminal, DeadLettersAnswer answer) {
        if (answer.letters().isEmpty()) {
            terminal.result("no dead letters since " + Terminal.printable(FileView.seconds(answer.since())));
        } else {
            var table = new Table("AT", "~FILE OR RECORD", "~REASON", "NEXT");
            answer.letters().forEach(letter -> table.row(
                    FileView.seconds(letter.at()),
                    subject(letter),
                    letter.reason(),
                    Objects.requireNonNullElse(letter.command(), "")));
            terminal.result(table);
        }
        if (answer.matched() > answer.letters().size()) {
            terminal.result(answer.letters().size() + " of " + answer.matched() + "; --limit N lists N of them");
        }
        if (!answer.complete()) {
            terminal.result("(there are more letters than were read)");
        }
    }

    private static String subject(Letter letter) {
        return letter.fileId() == null
                ? Objects.requireNonNullElse(letter.origin(), "")
                : letter.route() + ": " + Terminal.exact(letter.bucket() + "/" + letter.key());
    }
}
