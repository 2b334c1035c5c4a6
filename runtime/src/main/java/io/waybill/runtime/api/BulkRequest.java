package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks to redrive, resend or cancel all files that a filter matches, a limited number at a time.
 *
 * @param by            the person who asks, 1 to 200 characters; empty and left out with a login, which tells it
 * @param reason        the reason, for people, 1 to 4,000 characters
 * @param dryRun        true to find out only what would be accepted. Left out of the JSON if false
 * @param limit         files of this request, 1 to 1,000; null for 1,000
 * @param ratePerSecond files a second at most, 1 to 10,000; null for 50
 * @param force         true to send again in spite of objections; for a redrive or resend only. Left out of the JSON if
 *                      false
 * @param cursor        of the answer before; null for the beginning
 * @param announce      true to tell importers once more, too; for a resend only. Left out of the JSON if false
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
        @Nullable String cursor,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean announce) {
    /** A request that announces nothing. */
    public BulkRequest(
            FilterRequest filter,
            String by,
            String reason,
            boolean dryRun,
            @Nullable Integer limit,
            @Nullable Integer ratePerSecond,
            boolean force,
            @Nullable String cursor) {
        this(filter, by, reason, dryRun, limit, ratePerSecond, force, cursor, false);
    }

    /** The same request, beginning where an answer ended. */
    public BulkRequest from(String answered) {
        return new BulkRequest(filter, by, reason, dryRun, limit, ratePerSecond, force, answered, announce);
    }
}
