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
     * Takes a record of an approval. The one that asks may come again from the topic when its answer, which this process
     * wrote, is known already.
     */
    public void heard(Approval approval) {
        known.merge(approval.key(), approval, (former, next) -> next.decision() == null ? former : next);
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
