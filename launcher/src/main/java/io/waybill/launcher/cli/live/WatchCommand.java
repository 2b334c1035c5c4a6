package io.waybill.launcher.cli.live;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.report.WatchReport;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.live.DestinationsAnswer;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waybill watch}: shows what is under way until Ctrl-C. */
@Command(
        name = "watch",
        description = {
                "Shows the files that workers deliver now, and the destinations that are down, paused or closed. On a terminal"
                        + " it draws the same screen every two seconds; otherwise it prints lines. Ctrl-C ends it.",
                "A worker tells of its 32 largest files of each destination; of the others only their number is shown."
        },
        footer = {
                "",
                "Examples:",
                "  waybill watch",
                "  waybill watch --destination acme",
                "  waybill watch --once",
                "  waybill watch --json     # a line every two seconds"
        })
public final class WatchCommand implements Callable<Integer> {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Context context;

    @Option(names = "--destination", paramLabel = "NAME", description = "Only this destination.")
    private String destination = "";

    @Option(names = "--once", description = "Shows what is under way now, and ends.")
    private boolean once;

    public WatchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = context.terminal();
        var end = new CountDownLatch(1);
        context.environment().interruption().onRequest(end::countDown);
        Pause pause = Pause.until(end);
        try (var api = ApiClient.of(context)) {
            show(terminal, answer(api));
            while (!once && end.getCount() > 0 && !terminal.deserted()) {
                pause.take(EVERY);
                if (end.getCount() > 0) {
                    look(terminal, api);
                }
            }
        }
        return ExitCode.DONE.number();
    }

    /** A server that is away for a moment does not end the watch. */
    private void look(Terminal terminal, ApiClient api) {
        DestinationsAnswer answer;
        try {
            answer = answer(api);
        } catch (CommandException e) {
            if (terminal.json()) {
                terminal.note(String.valueOf(e.getMessage()));
            } else {
                terminal.frame(List.of(terminal.red(Terminal.printable(String.valueOf(e.getMessage())))));
            }
            return;
        }
        show(terminal, answer);
    }

    private DestinationsAnswer answer(ApiClient api) {
        DestinationsAnswer all = DestinationsCommand.all(api);
        if (destination.isEmpty()) {
            return all;
        }
        var one = all.destinations().stream().filter(each -> each.name().equals(destination)).toList();
        if (one.isEmpty()) {
            throw CommandException.failed(
                    "there is no destination '" + destination + "'; 'waybill destinations' lists them");
        }
        return new DestinationsAnswer(all.workers(), one);
    }

    private void show(Terminal terminal, DestinationsAnswer answer) {
        if (terminal.json()) {
            terminal.result(answer);
            return;
        }
        var report = new WatchReport(answer, context.environment().clock().instant());
        terminal.frame(terminal.live() ? report.screen(terminal) : report.lines());
    }
}
