package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is open, what waits and why, and what a person must look at.
 *
 * @param byStatus the number of files in every status
 * @param open     the routes that have open files
 * @param waiting  why files wait for their next attempt, the largest group first
 * @param failed   the files that ended without success; each has a dead letter
 * @param lag      for each service, how many records it has not read yet; null if Kafka does not answer, and in the answer
 *                 of one instance to another
 * @param held     partitions of work on which no worker works until a person mends their ledgers; null as {@code lag}
 * @param letters  records that lately became dead letters; null as {@code lag}
 * @param complete whether all waiting files were counted; there may be too many
 * @param halted   what is paused, has a blackout or is closed now. Its files are not among those that wait. Null from an
 *                 earlier version
 * @param configStale whether the files of the configuration have changed since an instance read them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusAnswer(
        Map<String, Long> byStatus,
        List<OpenRoute> open,
        List<Waiting> waiting,
        List<Failed> failed,
        @Nullable Map<String, Long> lag,
        @Nullable List<HeldPartition> held,
        @Nullable RecordLetters letters,
        boolean complete,
        @Nullable List<Halted> halted,
        boolean configStale) {
    public StatusAnswer {
        open = List.copyOf(open);
        waiting = List.copyOf(waiting);
        failed = List.copyOf(failed);
        held = held == null ? null : List.copyOf(held);
        halted = halted == null ? null : List.copyOf(halted);
    }

    /**
     * A destination or a route of which no file may start now.
     *
     * @param kind  PAUSED, BLACKOUT or CLOSED
     * @param text  for people
     * @param until when files may start again, ISO 8601 in UTC; null if nobody knows
     * @param files how many wait for that
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Halted(String kind, String text, @Nullable String until, long files) {}

    /**
     * A partition of work that is on hold.
     *
     * @param reason for people
     */
    public record HeldPartition(int partition, String reason) {}

    /**
     * Records that became dead letters since a moment.
     *
     * @param records  how many
     * @param since    the moment, ISO 8601 in UTC
     * @param newest   some of them, the newest first
     * @param complete whether all letters since then were read; there may be too many
     */
    public record RecordLetters(long records, String since, List<RecordLetter> newest, boolean complete) {
        public RecordLetters {
            newest = List.copyOf(newest);
        }
    }

    /**
     * A record that became a dead letter.
     *
     * @param at     when, ISO 8601 in UTC
     * @param origin the record's place as "topic-partition@offset"
     * @param reason for people
     */
    public record RecordLetter(String at, String origin, String reason) {}

    /**
     * Open files of a route.
     *
     * @param oldest when the oldest arrived, ISO 8601 in UTC
     */
    public record OpenRoute(String route, long files, String oldest) {}

    /**
     * Files that wait for one reason.
     *
     * @param destination null for files that are imported
     * @param failure     the kind
     * @param waitsAfter  FAILURE or DEFERRAL
     * @param since       when the first of the failures happened from which there was no success
     * @param due         when the next attempt may begin
     * @param detail      of one of them, for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Waiting(
            @Nullable String destination,
            String failure,
            String waitsAfter,
            long files,
            String since,
            String due,
            String detail) {}

    /**
     * Files that ended for one reason.
     *
     * @param status  FAILED or TIMED_OUT
     * @param failure the kind; null for TIMED_OUT
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Failed(
            String status, @Nullable String failure, String route, @Nullable String destination, long files) {}
}
