package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks to redrive, resend, cancel or forget one file, or to try it now.
 *
 * @param by      the person who asks, 1 to 200 characters; empty and left out with a login, which tells it
 * @param reason  the reason, for people, 1 to 4,000 characters
 * @param sending the sending that the request is about, from 1; null for the current one
 * @param force   true to send again in spite of objections; for a redrive or resend only. Left out of the JSON if false
 * @param dryRun  true to find out only whether it would be accepted. Left out of the JSON if false
 * @param announce true to tell importers once more, too; for a resend only. Left out of the JSON if false
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperatorRequest(
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String by,
        String reason,
        @Nullable Integer sending,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean force,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dryRun,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean announce) {
    /** A request that announces nothing. */
    public OperatorRequest(String by, String reason, @Nullable Integer sending, boolean force, boolean dryRun) {
        this(by, reason, sending, force, dryRun, false);
    }

    /** The same request for one sending only, so that it has no effect the second time. */
    public OperatorRequest of(int sending) {
        return new OperatorRequest(by, reason, sending, force, dryRun, announce);
    }
}
