package io.waybill.runtime.api.explain;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In words, why a file is where it is. Sentences are for people and may change; a program reads the file itself.
 *
 * @param id          26 characters of a-z and 2-7
 * @param status      PENDING, STARTED, COMPLETED, FAILED or TIMED_OUT
 * @param waitsFor    what must happen before the file moves on; begins with "nothing" if nothing will
 * @param since       ISO 8601 in UTC; from when it waits for that
 * @param next        what happens next by itself; null if nothing does
 * @param at          ISO 8601 in UTC; when that happens; null if no clock decides
 * @param otherwise   what ends the wait if that does not happen; null if nothing ends it
 * @param otherwiseAt ISO 8601 in UTC; there if and only if {@code otherwise} is
 * @param advice      what a person can mend; null if there is nothing to mend
 * @param commands    those that change it, the most likely one first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WhyAnswer(
        String id,
        String status,
        String waitsFor,
        String since,
        @Nullable String next,
        @Nullable String at,
        @Nullable String otherwise,
        @Nullable String otherwiseAt,
        @Nullable String advice,
        List<Command> commands) {
    public WhyAnswer {
        requireNonNull(id, "id");
        requireNonNull(status, "status");
        requireNonNull(waitsFor, "waitsFor");
        requireNonNull(since, "since");
        commands = List.copyOf(commands);
    }

    /**
     * A command of {@code ./waybill}.
     *
     * @param command as a person types it
     * @param effect  what it does, for people
     */
    public record Command(String command, String effect) {
        public Command {
            requireNonNull(command, "command");
            requireNonNull(effect, "effect");
        }
    }
}
