package io.waybill.runtime.api.forget;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The request to forget a file is written as an event, and not yet decided; or in a dry run it would be accepted.
 *
 * @param id       of the file
 * @param accepted the event's kind
 * @param at       ISO 8601 in UTC; the event's own time
 * @param dryRun   true if nothing is written. Left out of the JSON if false
 * @param remains  what the topics still hold of the file
 */
public record ForgetAnswer(
        String id,
        String accepted,
        String at,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dryRun,
        List<Remaining> remains) {
    public ForgetAnswer {
        requireNonNull(id, "id");
        requireNonNull(accepted, "accepted");
        requireNonNull(at, "at");
        remains = List.copyOf(remains);
    }

    /**
     * What one topic still holds.
     *
     * @param topic its name
     * @param holds which data of the file, for people
     * @param until when they leave the topic, for people
     */
    public record Remaining(String topic, String holds, String until) {
        public Remaining {
            requireNonNull(topic, "topic");
            requireNonNull(holds, "holds");
            requireNonNull(until, "until");
        }
    }
}
