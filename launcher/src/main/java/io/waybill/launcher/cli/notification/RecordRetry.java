package io.waybill.launcher.cli.notification;

import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.launcher.cli.audit.AuditClients;
import io.waybill.launcher.environment.ActionOptions;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.service.ExitCode;

/** Lets ingest read a notification again: {@code waybill retry --record PARTITION@OFFSET}. */
public final class RecordRetry {
    private final Context context;

    public RecordRetry(Context context) {
        this.context = context;
    }

    /** The answer under {@code --json}. */
    private record Answer(String record, String writtenAs, String from) {}

    static Place place(String text) {
        try {
            return Place.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--record: " + e.getMessage());
        }
    }

    /**
     * Writes the notification again.
     *
     * @param record written {@code PARTITION@OFFSET}
     * @param action who asks, and why
     * @return the exit code
     * @throws CommandException if there is no such notification
     */
    public int run(String record, ActionOptions action) {
        Place place = place(record);
        try (var topics = new NotificationTopics(context.configuration(), context.environment().clock())) {
            var found = topics.find(place, topics.partition(place))
                    .orElseThrow(() -> CommandException.failed("Kafka has removed notification " + place
                            + ", and no dead letter has it. Write the object again, or send it another way"));
            try (var audit = new AuditClients(context)) {
                audit.write(
                        "retry-record", new Target("notification", place.toString()), action.by(), action.reason(),
                        "from " + found.from());
            }
            Place again = topics.write(found);
            context.terminal().result(
                    new Answer(place.toString(), again.toString(), found.from()),
                    "notification " + place + " is written again as " + again
                            + "; files that arrived before stay as they are");
        }
        return ExitCode.DONE.number();
    }
}
