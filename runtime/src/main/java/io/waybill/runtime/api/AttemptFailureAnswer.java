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
 * @param from    when it happened; of several in a row, the first
 * @param until   the same; of several in a row, the last
 * @param count   how often in a row, 1 or more
 * @param failure the kind of failure; null for a deadline that passed
 * @param detail  of the failure, for people; 500 characters at the most
 * @param next    when the attempt that follows was due; null where none did by itself
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
