package io.waybill.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * The things that kept one file from its end so far. The list is bounded: repetitions become a number, and only the
 * newest entries stay.
 *
 * @param all     oldest first, at most {@link #KEPT}
 * @param dropped how many things happened before all of these and are not kept any more, 0 or more
 */
public record AttemptFailures(List<AttemptFailure> all, int dropped) {
    /** How many entries are kept; the contract of dead letters names it. */
    public static final int KEPT = 20;

    /** For a file that nothing has kept from its end. */
    public static final AttemptFailures NONE = new AttemptFailures(List.of(), 0);

    public AttemptFailures {
        int tooMany = Math.max(0, all.size() - KEPT);
        dropped += all.subList(0, tooMany).stream().mapToInt(AttemptFailure::count).sum();
        all = List.copyOf(all.subList(tooMany, all.size()));
    }

    /** What a COMPLETED file keeps: why it was not delivered once more with this attempt, if that is so. */
    AttemptFailures refusals(Attempt attempt) {
        return !all.isEmpty() && all.getLast().refuses(attempt)
                ? new AttemptFailures(List.of(all.getLast()), 0)
                : NONE;
    }

    /** This list with another entry at its end. */
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
