package io.waybill.launcher.cli.explain;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Table;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.explain.ExplainAnswer;
import io.waybill.runtime.api.explain.ExplainAnswer.ExplainedRoute;
import io.waybill.runtime.explain.RouteExplainer;
import io.waybill.runtime.explain.RouteExplainer.Question;
import io.waybill.runtime.service.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill route KEY}: says which routes take a key. */
@Command(
        name = "route",
        description = {
                "Says which routes take an object with this key, and where they bring it. For every other route it names"
                        + " the first rule that says no. Asks no store: the object need not exist.",
                "The exit code is 1 if no route takes it."
        },
        footer = {
                "",
                "Examples:",
                "  waybill route invoices/2026/march.csv",
                "  waybill route invoices/2026/march.csv --bucket outbound --size 0 --event Copy",
                "  waybill route invoices/2026/march.csv --local --config new.yaml"
        })
public final class RouteCommand implements Callable<Integer> {
    /** No key is longer. */
    private static final int LONGEST_KEY = 4_096;

    private final Context context;

    @Parameters(paramLabel = "KEY", description = "The key of the object, decoded.")
    private String key = "";

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            description = "The bucket of the object. Without it each route is asked about its own bucket.")
    private String bucket = "";

    @Nullable
    @Option(names = "--size", paramLabel = "BYTES", description = "The size of the object.")
    private Long size;

    @Option(
            names = "--event",
            paramLabel = "WORD",
            description = "The store's word for how the object was written: Put, Post, Copy or CompleteMultipartUpload.")
    private String event = "";

    @Option(
            names = "--local",
            description = "Asks the configuration file instead of the running server, for a file that does not run yet.")
    private boolean local;

    public RouteCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw CommandException.usage("KEY must have 1 to " + LONGEST_KEY + " characters, had " + key.length());
        }
        if (size != null && size < 0) {
            throw CommandException.usage("--size must be 0 or more, was " + size);
        }
        ExplainAnswer answer = local ? ofTheFile() : ofTheServer();
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.result(answer);
        } else {
            print(terminal, answer.routes());
        }
        boolean taken = answer.routes().stream().anyMatch(ExplainedRoute::takes);
        return (taken ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private ExplainAnswer ofTheFile() {
        var question = new Question(
                key,
                Optional.of(bucket).filter(name -> !name.isEmpty()),
                size == null ? OptionalLong.empty() : OptionalLong.of(size),
                Optional.of(event).filter(word -> !word.isEmpty()));
        return new RouteExplainer(context.configuration()).explain(question, Scope.ALL);
    }

    private ExplainAnswer ofTheServer() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("key", key);
        query.put("bucket", bucket);
        query.put("size", size == null ? "" : size.toString());
        query.put("event", event);
        try (var api = ApiClient.of(context)) {
            return api.explain(query).orElseThrow(() -> CommandException.failed(
                    "the server there cannot explain its routes; is it Waybill of this version?"));
        }
    }

    private static void print(Terminal terminal, List<ExplainedRoute> routes) {
        if (routes.isEmpty()) {
            terminal.result("no route is configured, or you see none");
            return;
        }
        var table = new Table("~ROUTE", "TAKES", "~WHERE OR WHY NOT", "~CONDITIONS");
        routes.forEach(one -> table.row(
                Terminal.printable(one.route()),
                one.takes() ? "yes" : "no",
                Terminal.printable(where(one)),
                Terminal.printable(String.join("; ", one.conditions()))));
        terminal.result(table);
    }

    private static String where(ExplainedRoute one) {
        if (one.reason() != null) {
            return one.reason();
        }
        return one.destination() == null
                ? "to importers, without a delivery"
                : one.destination() + ":" + Terminal.exact(Objects.requireNonNullElse(one.path(), "")) + "  (lane "
                        + one.lane() + ")";
    }
}
