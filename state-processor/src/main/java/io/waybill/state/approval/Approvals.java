package io.waybill.state.approval;

import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.ControlRecord.Approval.Standing;
import io.waybill.domain.FileId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All approvals that this process has read from {@code controls}. Any thread. */
public final class Approvals {
    /** How many may wait at once: whoever asks for more must have some decided, so that the topic stays small. */
    public static final int MOST_WAITING = 1_000;

    private static final Duration SHOWN_AFTER_THE_END = Duration.ofDays(7);

    private final Map<FileId, Approval> known = new ConcurrentHashMap<>();

    /**
     * Takes a record of an approval. Two people may speak at the same moment at two instances, and an instance may read the
     * word of the other before it takes its own. So in whatever order they come, a word stands over none, and a no over a yes.
     *
     * @return the no that must be written again, because the topic would keep only this yes
     */
    public Optional<Approval> heard(Approval approval) {
        Approval stands = known.merge(approval.key(), approval, Approvals::standing);
        return yes(approval) && !yes(stands) ? Optional.of(stands) : Optional.empty();
    }

    private static Approval standing(Approval before, Approval next) {
        return next.decision() == null || before.decision() != null && !yes(before) ? before : next;
    }

    private static boolean yes(Approval approval) {
        return approval.decision() != null && approval.decision().approved();
    }

    /** Forgets the approval of a key. Other keys do nothing. */
    public void forgotten(FileId key) {
        known.remove(key);
    }

    /** The approval of that id. */
    public Optional<Approval> find(String id) {
        return known.values().stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /** All that were asked for within the last days, the newest first. */
    public List<Approval> all() {
        return known.values().stream().sorted(Comparator.comparing(Approval::at).reversed()).toList();
    }

    /** How many wait for a second person. */
    public long waiting(Instant now) {
        return known.values().stream().filter(one -> one.standing(now) == Standing.WAITING).count();
    }

    /** Those that ended so long ago that the topic may forget them. */
    public List<FileId> outlived(Instant now) {
        return known.values().stream()
                .filter(one -> one.expires().plus(SHOWN_AFTER_THE_END).isBefore(now))
                .map(Approval::key)
                .toList();
    }
}
