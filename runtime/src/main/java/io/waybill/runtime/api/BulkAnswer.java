package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a request about many files.
 *
 * @param matched  files that were examined: accepted and refused
 * @param ids      of the first ten that were accepted
 * @param refusals the first ten
 * @param cursor   where the next request continues; null, and null in JSON, at the end
 * @param leftOut  files that the filter matches and a redrive does not help, unless their failure is named
 */
public record BulkAnswer(
        boolean dryRun,
        long matched,
        long accepted,
        long refused,
        List<String> ids,
        List<Refusal> refusals,
        @Nullable String cursor,
        long leftOut) {
    /** How many ids and refusals are named one by one. */
    public static final int NAMED = 10;

    /** Why one file was refused. */
    public record Refusal(String id, String error) {
        public Refusal {
            requireNonNull(id, "id");
            requireNonNull(error, "error");
        }
    }

    public BulkAnswer {
        ids = List.copyOf(ids);
        refusals = List.copyOf(refusals);
    }
}
