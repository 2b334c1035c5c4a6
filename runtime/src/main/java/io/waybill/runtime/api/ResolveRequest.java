package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Ends the doubt about one file.
 *
 * @param resolution delivered or resend
 * @param by         the person who decides, 1 to 200 characters; empty and left out with a login, which tells it
 * @param reason     the person's evidence, for people, 1 to 4,000 characters
 * @param sending    the sending that the request is about, from 1; null for the current one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResolveRequest(String resolution, @JsonInclude(JsonInclude.Include.NON_EMPTY) String by, String reason,
        @Nullable Integer sending) {}
