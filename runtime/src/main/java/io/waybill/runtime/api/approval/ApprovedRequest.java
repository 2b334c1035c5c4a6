package io.waybill.runtime.api.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks to do what a second person approved, a limited number of files at a time.
 *
 * @param approval      its id
 * @param by            the person who asks, the same as before; empty and left out with a login, which tells it
 * @param dryRun        true to find out only what would be accepted. Left out of the JSON if false
 * @param limit         files of this request, 1 to 1,000
 * @param ratePerSecond files a second at most, 1 to 10,000
 * @param cursor        of the answer before; null for the beginning
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApprovedRequest(
        String approval,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String by,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dryRun,
        int limit,
        int ratePerSecond,
        @Nullable String cursor) {
    /** The same request, beginning where an answer ended. */
    public ApprovedRequest from(String answered) {
        return new ApprovedRequest(approval, by, dryRun, limit, ratePerSecond, answered);
    }
}
