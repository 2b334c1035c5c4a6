package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request about many files.
 *
 * @param matched  files that were looked at: accepted and refused
 * @param ids      of the first ten that were accepted
 * @param refusals the first ten
 * @param cursor   goes on from here; null, and null in JSON, at the end
 */
public record BulkAnswer(
        boolean dryRun,
        long matched,
        long accepted,
        long refused,
        List<String> ids,
        List<Refusal> refusals,
        @Nullable String cursor) {
    /** Ids and refusals that are named one by one. */
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
