package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks that no file of a destination or of a route starts.
 *
 * @param by     the person who asks, 1 to 200 characters; empty and left out with a login, which tells it
 * @param reason the reason, for people, 1 to 4,000 characters
 * @param until  ISO 8601 in UTC, ahead; null until somebody resumes it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PauseRequest(
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String by, String reason, @Nullable String until) {}
