package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

/**
 * The request is written. The files are handed out one after the other, oldest first, as long as the destination can be
 * reached.
 *
 * @param destination whose files are tried
 * @param at          ISO 8601 in UTC
 */
public record ReleaseAnswer(String destination, String at) {
    public ReleaseAnswer {
        requireNonNull(destination, "destination");
        requireNonNull(at, "at");
    }
}
