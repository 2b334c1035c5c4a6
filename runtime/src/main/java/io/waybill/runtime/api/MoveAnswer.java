package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One move of a file. Status, sending, attempt and version are those after the move.
 *
 * @param at     ISO 8601 in UTC
 * @param event  the kind of the event that moved it, such as Arrived
 * @param detail for people; may be empty
 * @param steps  the steps that the worker had done before, in that order; left out of the JSON if there are none
 */
public record MoveAnswer(
        String at,
        String event,
        String status,
        int sending,
        int attempt,
        long version,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StepAnswer> steps) {
    /**
     * A step that was done.
     *
     * @param step such as CONNECTED
     * @param at   ISO 8601 in UTC
     */
    public record StepAnswer(String step, String at) {
        public StepAnswer {
            requireNonNull(step, "step");
            requireNonNull(at, "at");
        }
    }

    public MoveAnswer(
            String at,
            String event,
            String status,
            int sending,
            int attempt,
            long version,
            String detail,
            @Nullable List<StepAnswer> steps) {
        this.at = requireNonNull(at, "at");
        this.event = requireNonNull(event, "event");
        this.status = requireNonNull(status, "status");
        this.sending = sending;
        this.attempt = attempt;
        this.version = version;
        this.detail = requireNonNull(detail, "detail");
        this.steps = steps == null ? List.of() : List.copyOf(steps);
    }
}
