package io.waybill.domain.schedule;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time.
 *
 * @param from included
 * @param to   excluded, after {@code from}; null if nobody knows the end
 */
public record Span(Instant from, @Nullable Instant to) {
    public Span {
        if (to != null && !to.isAfter(from)) {
            throw new IllegalArgumentException("a span ends after it begins, but was: " + from + " to " + to);
        }
    }

    public boolean contains(Instant at) {
        return !at.isBefore(from) && (to == null || at.isBefore(to));
    }

    /** The first of its ends after an instant. */
    Instant next(Instant at) {
        if (from.isAfter(at)) {
            return from;
        }
        return to != null && to.isAfter(at) ? to : Instant.MAX;
    }

    /** Halted in any of the stretches. */
    public static Timeline halting(List<Span> spans) {
        return Timeline.anyOf(spans.stream().map(Span::timeline).toList());
    }

    private Timeline timeline() {
        return new Timeline() {
            @Override
            public boolean halted(Instant at) {
                return contains(at);
            }

            @Override
            public Instant next(Instant at) {
                return Span.this.next(at);
            }
        };
    }
}
