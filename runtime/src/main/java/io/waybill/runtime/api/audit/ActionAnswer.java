package io.waybill.runtime.api.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An action as the API, the command line and evidence show it.
 *
 * @param at       ISO 8601 in UTC
 * @param outcome  ACCEPTED or REFUSED
 * @param accepted of an action on many files, as are refused and leftOut; null for every other
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ActionAnswer(
        String at,
        String who,
        String role,
        String what,
        String targetKind,
        String target,
        String reason,
        String outcome,
        String detail,
        String requestId,
        String source,
        @Nullable Long accepted,
        @Nullable Long refused,
        @Nullable Long leftOut) {

    public static ActionAnswer of(AuditEntry entry) {
        Counts counts = entry.counts();
        return new ActionAnswer(
                entry.at().toString(),
                entry.who(),
                entry.role(),
                entry.what(),
                entry.target().kind(),
                entry.target().name(),
                entry.reason(),
                entry.outcome().name(),
                entry.detail(),
                entry.requestId(),
                entry.source(),
                counts == null ? null : counts.accepted(),
                counts == null ? null : counts.refused(),
                counts == null ? null : counts.leftOut());
    }

    /** Throws a {@link RuntimeException} if it is no entry. */
    public AuditEntry entry() {
        return new AuditEntry(
                Instant.parse(at),
                who,
                role,
                what,
                new Target(targetKind, target),
                reason,
                Outcome.valueOf(outcome),
                detail,
                requestId,
                source,
                accepted == null || refused == null || leftOut == null
                        ? null
                        : new Counts(accepted, refused, leftOut));
    }
}
