package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file in the words of the topic file-state. In JSON it is one flat object, without the fields that say nothing about
 * the file.
 *
 * @param id              26 characters of a-z and 2-7
 * @param status          PENDING, STARTED, COMPLETED, FAILED or TIMED_OUT
 * @param stage           DELIVERY or IMPORT
 * @param sending         from 1; a redrive begins the next
 * @param attempt         from 1 within the sending
 * @param version         of the state, from 1; each move adds one
 * @param source          the object that the file is a version of
 * @param destination     null without delivery, as are {@code path} and {@code lane}
 * @param path            at the destination
 * @param lane            0 or more
 * @param arrivedAt       ISO 8601 in UTC
 * @param changedAt       ISO 8601 in UTC; of the last move
 * @param phase           what is known in this status only
 * @param receipt         null until delivered
 * @param failures        the things that kept the file from its end, oldest first, at most 20; null if there are none,
 *                        and in lists of files
 * @param failuresDropped how many older failures are not kept any more; null if none were dropped
 * @param halt            why the file may not start now, whatever else it waits for; null if it may, and of an earlier
 *                        version
 * @param resent          true if the file was delivered and is sent once more, or was to be and that failed; otherwise null
 * @param forgotten       true if nothing is kept of the file but its id, its status and its times. Then the object is
 *                        named "-". Otherwise null
 * @param progress        while a worker delivers the file, and says so; null otherwise, and in lists of files
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileAnswer(
        String id,
        String route,
        String status,
        String stage,
        int sending,
        int attempt,
        long version,
        @JsonUnwrapped SourceAnswer source,
        @Nullable String destination,
        @Nullable String path,
        @Nullable Integer lane,
        String arrivedAt,
        String changedAt,
        @JsonUnwrapped PhaseAnswer phase,
        @Nullable ReceiptAnswer receipt,
        @Nullable List<AttemptFailureAnswer> failures,
        @Nullable Integer failuresDropped,
        @Nullable HaltAnswer halt,
        @Nullable Boolean resent,
        @Nullable Boolean forgotten,
        @Nullable ProgressAnswer progress) {
    public FileAnswer {
        requireNonNull(id, "id");
        requireNonNull(route, "route");
        requireNonNull(status, "status");
        requireNonNull(stage, "stage");
        requireNonNull(arrivedAt, "arrivedAt");
        requireNonNull(changedAt, "changedAt");
        failures = failures == null ? null : List.copyOf(failures);
    }

    /**
     * Why no file of a destination or route may start.
     *
     * @param kind  PAUSED, BLACKOUT or CLOSED
     * @param text  for people
     * @param since of a pause, ISO 8601 in UTC
     * @param until when files may start again, ISO 8601 in UTC; null if nobody knows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HaltAnswer(String kind, String text, @Nullable String since, @Nullable String until) {}

    /** The same with what a worker says about it. */
    public FileAnswer with(@Nullable ProgressAnswer said) {
        return new FileAnswer(
                id, route, status, stage, sending, attempt, version, source, destination, path, lane, arrivedAt,
                changedAt,
                phase, receipt, failures, failuresDropped, halt, resent, forgotten, said);
    }

    /**
     * What a worker says about a file that it delivers.
     *
     * @param at             when it said so, ISO 8601 in UTC
     * @param step           the last one that it reached
     * @param since          when the attempt began, ISO 8601 in UTC
     * @param done           bytes that the destination has acknowledged
     * @param size           bytes of the file
     * @param bytesPerSecond lately
     */
    public record ProgressAnswer(
            String worker, String at, String step, String since, long done, long size, long bytesPerSecond) {}
}
