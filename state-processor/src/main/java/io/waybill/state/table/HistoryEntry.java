package io.waybill.state.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Milestone;
import io.waybill.domain.Status;
import io.waybill.domain.Texts;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * One move of a file, for people. It is stored as JSON, to which fields can be added easily.
 *
 * @param at      ISO 8601, when the move happened
 * @param event   the event's kind, such as "Arrived"
 * @param status  after the move
 * @param sending after the move
 * @param attempt after the move
 * @param version of the state after the move
 * @param detail  a text about the move; may be empty
 * @param steps   what a worker had done before, in the order in which it was done; may be empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record HistoryEntry(
        String at,
        String event,
        Status status,
        int sending,
        int attempt,
        long version,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Done> steps) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Characters kept of a detail. Control characters take six bytes each in JSON. */
    static final int LONGEST_DETAIL = 12_000;

    /**
     * A finished step.
     *
     * @param step such as "CONNECTED"
     * @param at   ISO 8601
     */
    public record Done(String step, String at) {}

    public HistoryEntry {
        // Entries from an earlier version have none.
        steps = steps == null ? List.of() : List.copyOf(steps);
    }

    static HistoryEntry of(FileEvent event, FileState after, String note) {
        String detail = detail(event);
        return new HistoryEntry(
                event.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                event.getClass().getSimpleName(),
                after.status(),
                after.phase().attempt().sending(),
                after.phase().attempt().number(),
                after.version(),
                Texts.cut(
                        detail.isEmpty() || note.isEmpty() ? detail + note : detail + "; " + note, LONGEST_DETAIL),
                steps(event));
    }

    private static List<Done> steps(FileEvent event) {
        return switch (event) {
            case FileEvent.Completed completed -> inOrder(completed.milestones());
            case FileEvent.Failed failed -> inOrder(failed.milestones());
            case FileEvent.Arrived _, FileEvent.Started _,FileEvent.Heartbeat _,FileEvent.Deferred _,FileEvent.DeadlineReached _,FileEvent.Request _ ->
                List.of();
        };
    }

    private static List<Done> inOrder(Map<Milestone, Instant> steps) {
        return steps.entrySet().stream()
                .sorted(Map.Entry.<Milestone, Instant>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(step -> new Done(
                        step.getKey().name(),
                        step.getValue().truncatedTo(ChronoUnit.MILLIS).toString()))
                .toList();
    }

    private static String detail(FileEvent event) {
        return switch (event) {
            case FileEvent.Arrived arrived ->
                arrived.source().bucket() + "/" + arrived.source().key();
            case FileEvent.Started started -> started.stage() + " by " + started.by();
            case FileEvent.Heartbeat heartbeat -> heartbeat.stage() + " by " + heartbeat.by();
            case FileEvent.Completed completed ->
                completed.receipt() == null
                        ? completed.stage().name()
                        : completed.stage() + " as " + completed.receipt().path();
            case FileEvent.Failed failed -> failed.failure().toString();
            case FileEvent.Deferred deferred -> "until " + deferred.until() + ": " + deferred.reason();
            case FileEvent.DeadlineReached reached -> reached(reached);
            case FileEvent.RedriveRequested redrive -> "by " + redrive.by() + ": " + redrive.reason();
            case FileEvent.ResendRequested resend ->
                "by " + resend.by() + (resend.announce() ? ", with an announcement: " : ": ") + resend.reason();
            case FileEvent.ForgetRequested forget -> "by " + forget.by() + ": " + forget.reason();
            case FileEvent.ResolveRequested resolve ->
                resolve.resolution() + " by " + resolve.by() + ": " + resolve.reason();
            case FileEvent.CancelRequested cancel -> "by " + cancel.by() + ": " + cancel.reason();
        };
    }

    private static String reached(FileEvent.DeadlineReached reached) {
        return switch (reached.kind()) {
            case DeadlineKind.RETRY_DUE ->
                reached.asked() == null
                        ? "the attempt is due"
                        : "the attempt is due now, by " + reached.asked().by() + ": " + reached.asked().reason();
            case DeadlineKind.UNCLAIMED -> "nobody took the file up in time";
            case DeadlineKind.UNFINISHED -> "nobody reported in time";
        };
    }

    static Serde<HistoryEntry> serde() {
        return Serdes.serdeFrom(
                (topic, entry) -> {
                    try {
                        return entry == null ? null : JSON.writeValueAsBytes(entry);
                    } catch (JsonProcessingException e) {
                        throw new SerializationException("cannot write a history entry", e);
                    }
                },
                (topic, bytes) -> {
                    try {
                        return bytes == null ? null : JSON.readValue(bytes, HistoryEntry.class);
                    } catch (IOException e) {
                        throw new SerializationException("cannot read a history entry", e);
                    }
                });
    }
}
