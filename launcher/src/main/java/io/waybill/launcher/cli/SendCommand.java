package io.waybill.launcher.cli;

import io.waybill.domain.FileId;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.terminal.FileNames;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.time.Pause;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill send FILE…}: puts files into the bucket from which a route takes them. */
@Command(
        name = "send",
        description = "Puts files into the bucket of a route and prints their ids. With --wait it waits for each file's"
                + " final state.",
        footer = {
                "",
                "Examples:",
                "  waybill send invoice.csv",
                "  waybill send --wait --route invoices *.csv",
                "  waybill send --key invoices/2026/march.csv march.csv --json",
                "",
                "With --json, one FILE gives an object, and several give a list."
        })
final class SendCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Context context;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files to send.")
    private List<Path> files = List.of();

    @Option(names = "--route", paramLabel = "NAME", description = "The route. Not needed if there is only one.")
    private String routeName = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "The object's key. Only with a single FILE. Default: the route's prefix and the file's name")
    private String key = "";

    @Option(names = "--wait", description = "Waits until every file has a final state.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "15m",
            description = "The longest time that --wait waits. Default: 15m")
    private String timeout = "15m";

    SendCommand(Context context) {
        this.context = context;
    }

    private record Sent(FileId id, Route route, String key, long bytes) {
        /** The status is missing if it is not known. */
        Map<String, Object> json(String status) {
            var json = new LinkedHashMap<String, Object>();
            json.put("id", id.value());
            json.put("route", route.name().value());
            json.put("bucket", route.source().bucket());
            json.put("key", key);
            json.put("bytes", bytes);
            if (!status.isEmpty()) {
                json.put("status", status);
            }
            return json;
        }
    }

    @Override
    public Integer call() throws IOException {
        Duration limit = Context.duration("--timeout", timeout);
        WaybillConfig config = context.configuration();
        Route route = route(config);
        Map<Path, String> keys = keys(route);
        Terminal terminal = context.terminal();
        FileNames.warn(terminal);
        List<Sent> sent = put(config, route, keys, terminal);
        if (!wait) {
            if (terminal.json()) {
                print(terminal, sent.stream().map(one -> one.json("")).toList());
            }
            return ExitCode.DONE.number();
        }
        return follow(sent, limit, terminal).number();
    }

    private Route route(WaybillConfig config) {
        if (routeName.isEmpty()) {
            if (config.routes().size() != 1) {
                throw CommandException.usage("give --route: there are " + config.routes().keySet());
            }
            return config.routes().values().iterator().next();
        }
        return config.routes().values().stream()
                .filter(route -> route.name().value().equals(routeName))
                .findFirst()
                .orElseThrow(() -> CommandException.usage(
                        "there is no route '" + routeName + "'; there are " + names(config)));
    }

    private static List<RouteName> names(WaybillConfig config) {
        return List.copyOf(config.routes().keySet());
    }

    private Map<Path, String> keys(Route route) {
        if (!key.isEmpty() && files.size() > 1) {
            throw CommandException.usage("--key names one object, but there are " + files.size() + " files");
        }
        var keys = new LinkedHashMap<Path, String>();
        for (Path given : files) {
            Path file = context.environment().directory().resolve(given);
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw CommandException.usage("there is no readable file " + given);
            }
            String objectKey = key.isEmpty() ? route.source().prefix() + file.getFileName() : key;
            if (!route.source().takes(route.source().bucket(), objectKey)) {
                throw CommandException.usage("route " + route.name() + " does not take the key '" + objectKey
                        + "': it takes keys that begin with '" + route.source().prefix() + "' and end with '"
                        + route.source().suffix() + "'; give --key");
            }
            keys.put(file, objectKey);
        }
        return keys;
    }

    private static List<Sent> put(WaybillConfig config, Route route, Map<Path, String> keys, Terminal terminal)
            throws IOException {
        var sent = new ArrayList<Sent>();
        String bucket = route.source().bucket();
        try (var store = ObjectStore.writer(config.s3())) {
            for (Map.Entry<Path, String> file : keys.entrySet()) {
                String objectKey = file.getValue();
                SourceObject stored = store.put(bucket, objectKey, file.getKey(), Content.of(file.getKey()).sha256());
                FileId id = FileId.of(route.name(), bucket, objectKey, stored.version());
                sent.add(new Sent(id, route, objectKey, stored.size()));
                terminal.note(id + "  put to s3://" + bucket + "/" + Terminal.exact(objectKey));
            }
        }
        return sent;
    }

    /** One document: an object for one file, a list for several. */
    private static void print(Terminal terminal, List<Map<String, Object>> results) {
        if (results.size() == 1) {
            terminal.result(results.getFirst());
        } else {
            terminal.result(results);
        }
    }

    private ExitCode follow(List<Sent> sent, Duration limit, Terminal terminal) {
        long latest = context.environment().clock().after(limit);
        boolean good = true;
        var results = new ArrayList<Map<String, Object>>();
        try (var api = ApiClient.of(context)) {
            for (Sent one : sent) {
                @Nullable FileAnswer end = null;
                while (end == null) {
                    end = terminalState(api, one).orElse(null);
                    if (end == null && context.environment().clock().isOver(latest)) {
                        throw CommandException.failed("file " + one.id() + " has no final state after " + timeout
                                + "; 'waybill show " + one.id() + "' shows its progress");
                    }
                    if (end == null) {
                        pause();
                    }
                }
                good &= report(terminal, one, end);
                results.add(one.json(end.status()));
            }
        }
        if (terminal.json()) {
            print(terminal, results);
        }
        return good ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** The command must poll, because nothing reports when the answer changes. */
    private static void pause() {
        try {
            Pause.full().take(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted");
        }
    }

    private static Optional<FileAnswer> terminalState(ApiClient api, Sent one) {
        return api.file(one.id()).filter(state -> new FileView(state).terminal());
    }

    private static boolean report(Terminal terminal, Sent one, FileAnswer end) {
        var file = new FileView(end);
        if (!terminal.json()) {
            String status = file.completed() ? terminal.green(file.status()) : terminal.red(file.status());
            terminal.result(one.id() + "  " + status + "  " + file.outcome());
        }
        return file.completed();
    }
}
