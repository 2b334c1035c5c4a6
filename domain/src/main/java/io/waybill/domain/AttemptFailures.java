package io.waybill.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * What kept one file from its end so far. Bounded: the same again becomes a number, and of what is left the newest stay.
 *
 * @param all     oldest first, {@link #KEPT} at the most
 * @param dropped how often something happened that is older than all of these and is not kept any more, 0 or more
 */
public record AttemptFailures(List<AttemptFailure> all, int dropped) {
    /** How many are kept; the contract of dead letters names it. */
    public static final int KEPT = 20;

    /** Of a file that nothing has kept from its end. */
    public static final AttemptFailures NONE = new AttemptFailures(List.of(), 0);

    public AttemptFailures {
        int tooMany = Math.max(0, all.size() - KEPT);
        dropped += all.subList(0, tooMany).stream().mapToInt(AttemptFailure::count).sum();
        all = List.copyOf(all.subList(tooMany, all.size()));
    }

    /** These, and then another. */
    public AttemptFailures plus(AttemptFailure next) {
        var longer = new ArrayList<>(all);
        if (!all.isEmpty() && next.repeats(all.getLast())) {
            longer.set(all.size() - 1, next.after(all.getLast()));
        } else {
            longer.add(next);
        }
        return new AttemptFailures(longer, dropped);
    }
}
