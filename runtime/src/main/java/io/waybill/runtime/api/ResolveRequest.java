package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Ends the doubt about one file.
 *
 * @param resolution delivered or resend
 * @param by         who says so, 1 to 200 characters
 * @param reason     what it is known by, for people, 1 to 4,000 characters
 * @param sending    the sending that is meant, from 1; null for the current one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResolveRequest(String resolution, String by, String reason, @Nullable Integer sending) {}
