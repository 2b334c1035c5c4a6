package io.waybill.runtime.api.approval;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request about many files that waits for a second person, or has had one. Instants are ISO 8601 in UTC.
 *
 * @param action        redrive, cancel and their like
 * @param filter        of the files, by the names that a request gives its parts
 * @param files         how many there were when it was asked for
 * @param force         true if files are sent again in spite of objections. Left out of the JSON if false
 * @param announce      true if importers are told once more. Left out of the JSON if false
 * @param by            who asked
 * @param reason        why, for people
 * @param standing      WAITING, APPROVED, REJECTED or EXPIRED
 * @param decidedBy     the second person; null until then
 * @param decidedAt     null until then
 * @param decidedReason null until then
 * @param unreadable    why this instance cannot read what is asked for, and shows no filter; null if it can
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApprovalAnswer(
        String id,
        String action,
        Map<String, String> filter,
        long files,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean force,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean announce,
        String by,
        String reason,
        String at,
        String expires,
        String standing,
        @Nullable String decidedBy,
        @Nullable String decidedAt,
        @Nullable String decidedReason,
        @Nullable String unreadable) {
    public ApprovalAnswer {
        requireNonNull(id, "id");
        requireNonNull(action, "action");
        filter = Map.copyOf(filter);
        requireNonNull(by, "by");
        requireNonNull(standing, "standing");
    }

    /** All that the caller may see, the newest first. */
    public record All(List<ApprovalAnswer> approvals) {
        public All {
            approvals = List.copyOf(approvals);
        }
    }
}
