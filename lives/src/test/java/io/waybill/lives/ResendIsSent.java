package io.waybill.lives;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A file that is resent and COMPLETED got its final name once more than the deliveries that were known before. No worker
 * skips a resend, because of those deliveries or for want of a wish.
 */
final class ResendIsSent implements Checker {
    private final Truth truth;
    private final Map<String, Set<Integer>> delivered = new HashMap<>();
    private final Map<String, Integer> before = new HashMap<>();

    ResendIsSent(Truth truth) {
        this.truth = truth;
    }

    @Override
    public void moved(FileState was, FileEvent event, FileState is) {
        if (was == null || is == null || is.equals(was)) {
            return;
        }
        String id = event.id().value();
        switch (event) {
            case FileEvent.ResendRequested _ -> before.put(id, delivered.getOrDefault(id, Set.of()).size());
            case FileEvent.Completed completed when completed.receipt() != null -> {
                delivered.computeIfAbsent(id, _ -> new HashSet<>()).add(completed.attempt().sending());
                if (was.resent() && truth.of(id).published.size() <= before.getOrDefault(id, 0)) {
                    truth.broken(Promise.RESEND_IS_SENT, truth.called(id) + " is COMPLETED once more, and got its final"
                            + " name only " + truth.of(id).published.size() + " times");
                }
            }
            case FileEvent.Failed failed when failed.failure().kind() == FailureKind.CANCELLED
                    && was.resent()
                    && was.phase() instanceof Phase.Open ->
                truth.broken(Promise.RESEND_IS_SENT, "a worker skips the resend of " + truth.called(id) + ": "
                        + failed.failure().detail());
            default -> {
                // Says nothing of a resend.
            }
        }
    }
}
