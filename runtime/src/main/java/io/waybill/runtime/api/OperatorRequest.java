package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks to redrive or to cancel one file.
 *
 * @param by      who asks, 1 to 200 characters
 * @param reason  why, for people, 1 to 4,000 characters
 * @param sending the sending that is meant, from 1; null for the current one
 * @param force   whatever speaks against it; of a redrive only. Left out of the JSON where it is false
 * @param dryRun  only to find out whether it would be accepted. Left out of the JSON where it is false
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperatorRequest(
        String by,
        String reason,
        @Nullable Integer sending,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean force,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean dryRun) {
    /** The same of one sending and no other, so that it does nothing the second time. */
    public OperatorRequest of(int sending) {
        return new OperatorRequest(by, reason, sending, force, dryRun);
    }
}
