package io.waybill.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the ends of a file's sendings.
 *
 * @param settled    the end of this sending and all before it is known, or a person has decided it; 0 if none is settled
 * @param told       the same number as the work for the current sending carries it. It is lower if older work may be out
 *                   at another target: if the file comes back to that target, its worker must not skip what it remembers
 * @param unheard    sendings that left for another target before a worker reported their end, ascending. A doubt about
 *                   one of them is news, whatever is settled
 * @param givenUp    the last attempt that the workers were told is no longer wanted, with all before it; null if there is
 *                   none
 * @param deliveries which of them delivered the file
 */
public record Sendings(
        int settled, int told, List<Integer> unheard, @Nullable Attempt givenUp, Deliveries deliveries) {
    /** For a file that has no settled sending. */
    public static final Sendings NONE = new Sendings(0, 0, List.of(), null);

    public Sendings {
        unheard = List.copyOf(unheard);
    }

    /** Sendings of a file of which no delivery is known. */
    public Sendings(int settled, int told, List<Integer> unheard, @Nullable Attempt givenUp) {
        this(settled, told, unheard, givenUp, Deliveries.NONE);
    }

    /**
     * The deliveries of a file.
     *
     * @param sendings the sendings that are known to have delivered it, ascending. Empty also if an earlier version wrote
     *                 the state
     * @param last     the highest sending when it was last delivered, which may have been by an earlier one; 0 before that
     * @param announce whether importers are told once more when the current sending delivers it again
     */
    public record Deliveries(List<Integer> sendings, int last, boolean announce) {
        static final Deliveries NONE = new Deliveries(List.of(), 0, false);

        public Deliveries {
            sendings = List.copyOf(sendings);
        }

        private Deliveries plus(int sending, int highest) {
            List<Integer> all = Stream.concat(sendings.stream(), Stream.of(sending)).distinct().sorted().toList();
            return new Deliveries(all, Math.max(last, highest), false);
        }
    }

    /** These sendings, of which all up to one are settled. */
    Sendings settledUpTo(int sending) {
        return new Sendings(Math.max(settled, sending), told, unheard, givenUp, deliveries);
    }

    /**
     * These sendings, of which one delivered the file.
     *
     * @param last the highest sending so far
     */
    Sendings delivered(int sending, int last) {
        return new Sendings(settled, told, unheard, givenUp, deliveries.plus(sending, last));
    }

    /**
     * These sendings before the file is delivered once more.
     *
     * @param known the sendings that delivered it
     * @param last  the highest sending so far
     */
    Sendings resent(List<Integer> known, int last, boolean announce) {
        // If no work was ever given up, a worker has reported the end of each.
        boolean all = givenUp == null && unheard.isEmpty();
        return new Sendings(
                all ? Math.max(settled, last) : settled, told, unheard, givenUp, new Deliveries(known, last, announce));
    }

    /** These sendings in a new life of the file. What delivered it before says nothing of this life. */
    Sendings again() {
        return new Sendings(settled, told, unheard, givenUp);
    }

    /**
     * These sendings as the next one begins.
     *
     * @param last      the highest sending so far
     * @param elsewhere whether the next goes to another target
     */
    Sendings next(int last, boolean elsewhere) {
        if (!elsewhere) {
            return new Sendings(settled, settled, unheard, givenUp, deliveries);
        }
        var all = new ArrayList<>(unheard);
        for (int sending = settled + 1; sending <= last; sending++) {
            if (!all.contains(sending) && !delivered(sending)) {
                all.add(sending);
            }
        }
        int known = all.isEmpty() ? settled : Math.min(settled, all.getFirst() - 1);
        return new Sendings(settled, known, all, givenUp, deliveries);
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
        return new Sendings(settled, told, all, givenUp, deliveries);
    }

    Sendings givenUp(Attempt attempt) {
        return new Sendings(settled, told, unheard, attempt, deliveries);
    }

    /** Whether a sending is known to have delivered the file. */
    boolean delivered(int sending) {
        return deliveries.sendings().contains(sending);
    }

    /** The known deliveries that the work must name, because the number in {@code told} does not cover them. */
    List<Integer> toldDelivered() {
        return deliveries.sendings().stream().filter(sending -> sending > told).toList();
    }

    /** Whether a doubt about a sending says anything that is not decided already. */
    boolean news(int sending) {
        return (sending > settled || unheard.contains(sending)) && !delivered(sending);
    }

    /** Whether a sending is the first one since somebody asked for a delivered file once more. */
    boolean firstOfResend(int sending) {
        return sending == deliveries.last() + 1;
    }

    /** Whether the end of every sending before one is known. */
    boolean knownBefore(int sending) {
        return settled >= sending - 1 && unheard.stream().noneMatch(other -> other < sending);
    }
}
