package io.waybill.launcher.cli.notification;

import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.launcher.cli.audit.AuditClients;
import io.waybill.launcher.cli.notification.NotificationTopics.Partition;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.service.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code waybill skip}: lets ingest go past notifications. */
@Command(
        name = "skip",
        description = {
                "With --record: ingest makes a dead letter of the notification, and of everything in it that still waits"
                        + " for the store. It also works while ingest is down.",
                "With --lost: Kafka removed notifications before ingest read them, and ingest refuses to go on. This"
                        + " command accepts the loss. Stop ingest first. Changes nothing without --yes."
        },
        footer = {
                "",
                "Examples:",
                "  waybill skip --record 3@4711 --reason 'damaged, and nobody wants it'",
                "  waybill skip --lost",
                "  waybill skip --lost --yes --json"
        })
public final class SkipCommand implements Callable<Integer> {
    private final Context context;

    @ArgGroup(multiplicity = "1")
    private final What what = new What();

    /** The user gives one of these two options. */
    static final class What {
        @Option(
                names = "--record",
                paramLabel = "PARTITION@OFFSET",
                description = "A notification, by its partition and offset in s3-notifications.")
        private @Nullable String record;

        @Option(names = "--lost", description = "The notifications that Kafka removed before ingest read them.")
        private boolean lost;
    }

    @Option(names = "--yes", description = "Accept the loss. Without it --lost only prints what is lost.")
    private boolean yes;

    @Mixin
    private final ActionOptions action = new ActionOptions();

    public SkipCommand(Context context) {
        this.context = context;
    }

    /** The answer under {@code --json}. */
    private record Answer(String record, String reason, String by) {}

    /** A partition of the answer under {@code --json}. */
    private record Lost(int partition, long from, long to, boolean accepted) {}

    @Override
    public Integer call() {
        @Nullable Place place = what.lost || what.record == null ? null : RecordRetry.place(what.record);
        try (var topics = new NotificationTopics(context.configuration(), context.environment().clock())) {
            if (place == null) {
                lost(topics);
            } else {
                topics.partition(place);
                String by = action.by().isEmpty() ? System.getProperty("user.name", "") : action.by();
                String reason = action.reason();
                audited("skip-record", new Target("notification", place.toString()), "");
                topics.write(new Skip(place, context.environment().clock().instant(), by, reason));
                context.terminal().result(
                        new Answer(place.toString(), reason, by),
                        "ingest goes past notification " + place + ": what still waits of it becomes a dead letter,"
                                + " and what became files stays");
            }
        }
        return ExitCode.DONE.number();
    }

    private void audited(String name, Target target, String detail) {
        try (var audit = new AuditClients(context)) {
            audit.write(name, target, action.by(), action.reason(), detail);
        }
    }

    private void lost(NotificationTopics topics) {
        List<Partition> lost =
                topics.partitions().stream().filter(one -> one.lost() > 0).toList();
        Terminal terminal = context.terminal();
        lost.forEach(one -> terminal.note("partition " + one.number() + ": offsets " + one.group().orElse(0L) + " to "
                + (one.start() - 1) + " are lost, up to " + one.lost() + " notifications"));
        if (!lost.isEmpty() && !yes) {
            throw CommandException.usage("nothing is changed; add --yes to let ingest go on without them");
        }
        try {
            if (!lost.isEmpty()) {
                audited("skip-lost", new Target("notifications", "lost"), lost.stream()
                        .map(one -> one.number() + "@" + one.group().orElse(0L) + " to " + (one.start() - 1))
                        .collect(Collectors.joining(", ")));
                topics.moveToStart(lost);
            }
        } catch (GroupNotEmptyException | UnknownMemberIdException e) {
            throw CommandException.failed("ingest is running; stop all its instances first");
        }
        context.terminal().result(
                lost.stream()
                        .map(one -> new Lost(one.number(), one.group().orElse(0L), one.start(), true))
                        .toList(),
                lost.isEmpty()
                        ? "no notification is lost"
                        : "ingest goes on with the notifications that are left");
    }
}
