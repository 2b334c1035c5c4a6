package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Asks that the files that wait for a destination are tried now.
 *
 * @param by     the person who asks, 1 to 200 characters; empty and left out with a login, which tells it
 * @param reason the reason, for people, 1 to 4,000 characters
 */
public record ReleaseRequest(@JsonInclude(JsonInclude.Include.NON_EMPTY) String by, String reason) {}
