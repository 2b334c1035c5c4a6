package io.waybill.runtime.api.explain;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters, the newest first.
 *
 * @param since    ISO 8601 in UTC; no letter is older
 * @param matched  how many letters match, as far as they were read, 0 or more
 * @param complete whether all letters since then were read
 * @param letters  at most as many as the request asked for
 */
public record DeadLettersAnswer(String since, long matched, boolean complete, List<Letter> letters) {
    public DeadLettersAnswer {
        requireNonNull(since, "since");
        letters = List.copyOf(letters);
    }

    /**
     * One letter. Fields that do not apply to its type are null.
     *
     * @param type        FILE or RECORD
     * @param at          ISO 8601 in UTC; when Waybill gave it up
     * @param reason      for people; a long one is cut
     * @param fileId      FILE, as are all until {@code version}
     * @param destination null without target, as is {@code path}
     * @param status      FAILED or TIMED_OUT
     * @param failure     the kind of the failure; null for a file that timed out
     * @param origin      RECORD: where the record is, as topic-partition@offset
     * @param valueBytes  RECORD: how many bytes of its value the letter has
     * @param command     the next step; null if there is no command for it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Letter(
            String type,
            String at,
            String reason,
            @Nullable String fileId,
            @Nullable String route,
            @Nullable String bucket,
            @Nullable String key,
            @Nullable String destination,
            @Nullable String path,
            @Nullable String status,
            @Nullable String failure,
            @Nullable Integer sending,
            @Nullable Integer attempt,
            @Nullable Long version,
            @Nullable String origin,
            @Nullable Integer valueBytes,
            @Nullable String command) {
        public Letter {
            requireNonNull(type, "type");
            requireNonNull(at, "at");
            requireNonNull(reason, "reason");
        }
    }
}
