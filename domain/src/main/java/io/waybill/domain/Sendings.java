package io.waybill.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of what became of a file's sendings.
 *
 * @param settled what became of this sending and all before it is known, or a person has decided it; 0 if of none
 * @param told    the same, as the work for the sending of the moment says it. Lower where older work may be out at another
 *                target: what its worker remembers must not be passed over if the file comes back to it
 * @param unheard sendings that were left for another target before a worker said how they ended, ascending: whatever is
 *                settled, a doubt about one of them is news
 * @param givenUp the attempt that the workers were last told is not wanted any more, and with it all before; null where they
 *                were told of none
 */
public record Sendings(int settled, int told, List<Integer> unheard, @Nullable Attempt givenUp) {
    /** Of a file of which no sending is settled. */
    public static final Sendings NONE = new Sendings(0, 0, List.of(), null);

    public Sendings {
        unheard = List.copyOf(unheard);
    }

    /** Of which it is known what became of all up to one. */
    Sendings settledUpTo(int sending) {
        return new Sendings(Math.max(settled, sending), told, unheard, givenUp);
    }

    /**
     * As the next sending begins.
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

    /** Of which one is in doubt, so that another that had followed it to another target may be, too. */
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

    /** Whether a doubt about a sending tells anything that is not decided already. */
    boolean news(int sending) {
        return sending > settled || unheard.contains(sending);
    }

    /** Whether what became of every sending before one is known. */
    boolean knownBefore(int sending) {
        return settled >= sending - 1 && unheard.stream().noneMatch(other -> other < sending);
    }
}
