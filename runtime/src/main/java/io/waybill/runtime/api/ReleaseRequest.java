package io.waybill.runtime.api;

/**
 * Asks that the files that wait for a destination are tried now.
 *
 * @param by     the person who asks, 1 to 200 characters
 * @param reason the reason, for people, 1 to 4,000 characters
 */
public record ReleaseRequest(String by, String reason) {}
