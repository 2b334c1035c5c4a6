package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks to redrive or to cancel all files that a filter matches, a limited number at a time.
 *
 * @param by            the person who asks, 1 to 200 characters; empty and left out with a login, which tells it
 * @param reason        the reason, for people, 1 to 4,000 characters
 * @param dryRun        true to find out only what would be accepted. Left out of the JSON if false
 * @param limit         files of this request, 1 to 1,000; null for 1,000
 * @param ratePerSecond files a second at most, 1 to 10,000; null for 50
 * @param force         true to redrive in spite of objections; for a redrive only. Left out of the JSON if false
 * @param cursor        of the answer before; null for the beginning
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BulkRequest(
        FilterRequest filter,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String by,
        String reason,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dryRun,
        @Nullable Integer limit,
        @Nullable Integer ratePerSecond,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean force,
        @Nullable String cursor) {
    /** The same request, beginning where an answer ended. */
    public BulkRequest from(String answered) {
        return new BulkRequest(filter, by, reason, dryRun, limit, ratePerSecond, force, answered);
    }
}
