package io.waybill.domain.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Says when something is halted. Immutable, as far as its owner does not say otherwise. */
public interface Timeline {
    /** Whoever looks further ahead gets the answer that nobody knows. */
    Duration HORIZON = Duration.ofDays(731);

    /** Never halted. */
    Timeline OPEN = anyOf(List.of());

    boolean halted(Instant at);

    /**
     * A moment after an instant, before which the answer of {@link #halted} stays the same. The answer may also stay the
     * same after it.
     *
     * @return {@link Instant#MAX} if the answer stays the same for ever
     */
    Instant next(Instant at);

    /** Halted while one of the parts is. */
    static Timeline anyOf(List<? extends Timeline> parts) {
        List<Timeline> all = List.copyOf(parts);
        return new Timeline() {
            @Override
            public boolean halted(Instant at) {
                return all.stream().anyMatch(part -> part.halted(at));
            }

            @Override
            public Instant next(Instant at) {
                // The longest of the parts that are halted holds the others.
                return all.stream()
                        .filter(part -> part.halted(at))
                        .map(part -> part.next(at))
                        .max(Instant::compareTo)
                        .orElseGet(() -> all.stream()
                                .map(part -> part.next(at))
                                .min(Instant::compareTo)
                                .orElse(Instant.MAX));
            }
        };
    }

    /**
     * The end of the halt that holds at an instant: that instant itself if nothing is halted then.
     *
     * @return empty if nobody knows the end
     */
    default Optional<Instant> haltedUntil(Instant at) {
        Instant last = at.plus(HORIZON);
        for (Instant moment = at; !moment.isAfter(last); moment = next(moment)) {
            if (!halted(moment)) {
                return Optional.of(moment);
            }
        }
        return Optional.empty();
    }

    /**
     * The first instant at which so much time has passed outside of halts.
     *
     * @param since   from when the time counts
     * @param allowed more than zero
     * @return empty if there is none, as far as is known
     */
    default Optional<Instant> after(Instant since, Duration allowed) {
        Instant last = since.plus(allowed).plus(HORIZON);
        Duration left = allowed;
        for (Instant moment = since; !moment.isAfter(last);) {
            Instant next = next(moment);
            if (!halted(moment)) {
                Instant end = moment.plus(left);
                if (!next.isBefore(end)) {
                    return Optional.of(end);
                }
                left = left.minus(Duration.between(moment, next));
            }
            moment = next;
        }
        return Optional.empty();
    }
}
