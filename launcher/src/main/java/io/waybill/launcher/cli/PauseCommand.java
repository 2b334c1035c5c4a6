package io.waybill.launcher.cli;

import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.PauseAnswer;
import io.waybill.runtime.api.PauseRequest;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.time.Durations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waybill pause} and {@code waybill resume}. */
@Command(
        name = "pause",
        description = {
                "Starts no more files of a destination or of a route. Files that have started end. Files that wait burn no"
                        + " attempt, and the time of the pause does not count against them.",
                "Without --until the pause lasts until 'waybill resume'."
        },
        footer = {
                "",
                "Examples:",
                "  waybill pause acme --until 06:00 --reason 'acme moves its server'",
                "  waybill pause acme --until 2h --reason maintenance",
                "  waybill pause --route invoices --reason 'wrong files; bob looks at them'"
        })
final class PauseCommand implements Callable<Integer> {
    private static final Pattern TIME = Pattern.compile("\\d{2}:\\d{2}");

    private final Context context;

    @Mixin
    private Subject subject = new Subject();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "When the pause ends by itself: the next 06:00 on this machine's clock, in 2h, or"
                    + " 2026-12-01T06:00:00Z.")
    private String until = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why. Its files show it.")
    private String reason = "";

    PauseCommand(Context context) {
        this.context = context;
    }

    /** What both commands are about. */
    static final class Subject {
        @Parameters(paramLabel = "DESTINATION", arity = "0..1", description = "The name of the destination.")
        private String destination = "";

        @Option(names = "--route", paramLabel = "NAME", description = "The route, instead of a destination.")
        private String route = "";

        @Option(
                names = "--by",
                paramLabel = "NAME",
                description = "Who asks. Default: the owner of the token, else the user of this process")
        private String by = "";

        private boolean isRoute() {
            if (destination.isEmpty() && route.isEmpty()) {
                throw CommandException.usage("what? Give a DESTINATION, or --route NAME");
            }
            if (!destination.isEmpty() && !route.isEmpty()) {
                throw CommandException.usage("either the destination '" + Terminal.exact(destination)
                        + "' or --route '" + Terminal.exact(route) + "': one command is about one of them");
            }
            return !route.isEmpty();
        }

        private String name() {
            return isRoute() ? route : destination;
        }

        private String described() {
            return (isRoute() ? "route " : "destination ") + Terminal.printable(name());
        }

        private CommandException unknown() {
            return CommandException.failed("no " + described()
                    + " that gets files is configured at the server there, or it is not Waybill of this version");
        }
    }

    @Override
    public Integer call() {
        boolean route = subject.isRoute();
        @Nullable String end = until.isEmpty() ? null : end(until, context.environment().clock().instant()).toString();
        try (var api = ApiClient.of(context)) {
            Optional<PauseAnswer> answer =
                    api.pause(route, subject.name(), new PauseRequest(api.by(subject.by), reason, end));
            context.terminal().result(
                    answer.orElseThrow(subject::unknown),
                    subject.described() + " is paused "
                            + (end == null ? "until 'waybill resume'" : "until " + end)
                            + "; files that have started end");
        }
        return ExitCode.DONE.number();
    }

    /** When a pause ends, ahead of now. */
    static Instant end(String text, Instant now) {
        try {
            if (TIME.matcher(text).matches()) {
                ZonedDateTime here = now.atZone(ZoneId.systemDefault());
                ZonedDateTime today = here.with(LocalTime.parse(text)).truncatedTo(ChronoUnit.MINUTES);
                return (today.isAfter(here) ? today : today.plusDays(1)).toInstant();
            }
            return text.contains("T") ? OffsetDateTime.parse(text).toInstant() : now.plus(Durations.parse(text));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw CommandException.usage("--until: expected a time such as 06:00, 2h or 2026-12-01T06:00:00Z, was '"
                    + Terminal.printable(text) + "'");
        }
    }

    /** {@code waybill resume}. */
    @Command(
            name = "resume",
            description = "Ends a pause. The files that wait are handed out, oldest first.",
            footer = {
                    "",
                    "Examples:",
                    "  waybill resume acme --reason 'the server is there'",
                    "  waybill resume --route invoices"
            })
    static final class Resume implements Callable<Integer> {
        private final Context context;

        @Mixin
        private Subject subject = new Subject();

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                defaultValue = "asked for on the command line",
                description = "Why.")
        private String reason = "";

        Resume(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            boolean route = subject.isRoute();
            try (var api = ApiClient.of(context)) {
                context.terminal().result(
                        api.resume(route, subject.name(), new ReleaseRequest(api.by(subject.by), reason))
                                .orElseThrow(subject::unknown),
                        subject.described() + " is resumed; its files are handed out, oldest first");
            }
            return ExitCode.DONE.number();
        }
    }
}
