package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

/**
 * The request is written as an event, and not yet decided.
 *
 * @param id       of the file
 * @param accepted the event's kind, such as RedriveRequested
 * @param at       ISO 8601 in UTC; the event's own time
 */
public record AcceptedAnswer(String id, String accepted, String at) {
    public AcceptedAnswer {
        requireNonNull(id, "id");
        requireNonNull(accepted, "accepted");
        requireNonNull(at, "at");
    }
}
