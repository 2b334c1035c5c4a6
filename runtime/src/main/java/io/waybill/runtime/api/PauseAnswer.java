package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pause of a destination or of a route, or the end of one.
 *
 * @param destination the name; null for a route
 * @param route       the name; null for a destination
 * @param paused      whether no file starts now
 * @param since       ISO 8601 in UTC; null if it is not paused
 * @param until       ISO 8601 in UTC; null until somebody resumes it, and if it is not paused
 * @param by          who asked last
 * @param reason      for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PauseAnswer(
        @Nullable String destination,
        @Nullable String route,
        boolean paused,
        @Nullable String since,
        @Nullable String until,
        String by,
        String reason) {
    public PauseAnswer {
        requireNonNull(by, "by");
        requireNonNull(reason, "reason");
    }

    /** Everything that is paused now. */
    public record All(List<PauseAnswer> pauses) {
        public All {
            pauses = List.copyOf(pauses);
        }
    }
}
