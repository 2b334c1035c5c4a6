package io.waybill.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the ends of a file's sendings.
 *
 * @param settled the end of this sending and all before it is known, or a person has decided it; 0 if none is settled
 * @param told    the same number as the work for the current sending carries it. It is lower if older work may be out
 *                at another target: if the file comes back to that target, its worker must not skip what it remembers
 * @param unheard sendings that left for another target before a worker reported their end, ascending. A doubt about one
 *                of them is news, whatever is settled
 * @param givenUp the last attempt that the workers were told is no longer wanted, with all before it; null if there is
 *                none
 */
public record Sendings(int settled, int told, List<Integer> unheard, @Nullable Attempt givenUp) {
    /** For a file that has no settled sending. */
    public static final Sendings NONE = new Sendings(0, 0, List.of(), null);

    public Sendings {
        unheard = List.copyOf(unheard);
    }

    /** These sendings, of which all up to one are settled. */
    Sendings settledUpTo(int sending) {
        return new Sendings(Math.max(settled, sending), told, unheard, givenUp);
    }

    /**
     * These sendings as the next one begins.
     *
     * @param last      the highest sending so far
     * @param elsewhere whether the next goes to another target
     */
    Sendings next(int last, boolean elsewhere) {
        if (!elsewhere) {
            return new Sendings(settled, settled, unheard, givenUp);
        }
        var all = new ArrayList<>(unheard);
        for (int sending = settled + 1; sending <= last; sending++) {
            if (!all.contains(sending)) {
                all.add(sending);
            }
        }
        return new Sendings(settled, all.isEmpty() ? settled : Math.min(settled, all.getFirst() - 1), all, givenUp);
    }

    /** These sendings, of which one is in doubt. A following one that went to another target may be in doubt, too. */
    Sendings doubted(int sending, @Nullable Attempt following) {
        if (!unheard.contains(sending)) {
            return this;
        }
        var all = new ArrayList<>(unheard);
        all.remove(Integer.valueOf(sending));
        if (following != null && !all.contains(following.sending())) {
            all.add(following.sending());
        }
        return new Sendings(settled, told, all, givenUp);
    }

    Sendings givenUp(Attempt attempt) {
        return new Sendings(settled, told, unheard, attempt);
    }

    /** Whether a doubt about a sending says anything that is not decided already. */
    boolean news(int sending) {
        return sending > settled || unheard.contains(sending);
    }

    /** Whether the end of every sending before one is known. */
    boolean knownBefore(int sending) {
        return settled >= sending - 1 && unheard.stream().noneMatch(other -> other < sending);
    }
}
