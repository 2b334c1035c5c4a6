package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that kept a file from its end. Instants are ISO 8601 in UTC.
 *
 * @param kind    FAILED, DEFERRED, UNCLAIMED or UNFINISHED
 * @param stage   DELIVERY or IMPORT
 * @param sending from 1
 * @param attempt from 1 within the sending
 * @param from    when it happened; the first time, if it happened several times in a row
 * @param until   when it happened; the last time, if it happened several times in a row
 * @param count   how often in a row, 1 or more
 * @param failure the kind of failure; null for a deadline that passed
 * @param detail  of the failure, for people; at most 500 characters
 * @param next    when the next attempt was due; null if no attempt followed by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AttemptFailureAnswer(
        String kind,
        String stage,
        int sending,
        int attempt,
        String from,
        String until,
        int count,
        @Nullable String failure,
        @Nullable String detail,
        @Nullable String next) {
    public AttemptFailureAnswer {
        requireNonNull(kind, "kind");
        requireNonNull(stage, "stage");
        requireNonNull(from, "from");
        requireNonNull(until, "until");
    }
}
