package io.waybill.runtime.api.audit;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Who did what, the newest first.
 *
 * @param since    ISO 8601 in UTC; no action is older
 * @param matched  how many actions match, as far as they were read, 0 or more
 * @param complete whether all actions since then were read
 * @param actions  at most as many as the request asked for
 */
public record AuditAnswer(String since, long matched, boolean complete, List<ActionAnswer> actions) {
    public AuditAnswer {
        requireNonNull(since, "since");
        actions = List.copyOf(actions);
    }
}
