package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.runtime.api.approval.ApprovalAnswer;
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
 * @param approval if the request waits for a second person and nothing is done; left out otherwise
 */
public record BulkAnswer(
        boolean dryRun,
        long matched,
        long accepted,
        long refused,
        List<String> ids,
        List<Refusal> refusals,
        @Nullable String cursor,
        long leftOut,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ApprovalAnswer approval) {
    /** How many ids and refusals are named one by one. */
    public static final int NAMED = 10;

    /** Why one file was refused. */
    public record Refusal(String id, String error) {
        public Refusal {
            requireNonNull(id, "id");
            requireNonNull(error, "error");
        }
    }

    /** A request that waits for a second person. */
    public static BulkAnswer held(ApprovalAnswer approval) {
        return new BulkAnswer(false, 0, 0, 0, List.of(), List.of(), null, 0, approval);
    }

    public BulkAnswer {
        ids = List.copyOf(ids);
        refusals = List.copyOf(refusals);
    }
}
