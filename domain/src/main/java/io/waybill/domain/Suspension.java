package io.waybill.domain;

import io.waybill.domain.schedule.Span;
import io.waybill.domain.schedule.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When no file of a destination or of a route may start, because a person paused it. The record stays when the pause ends:
 * the time of past pauses does not count against a file that waited.
 *
 * @param at     when the newest order was given, by the clock of the process that took it
 * @param pauses the present pause and past ones, the oldest first; at most {@link #MOST_PAUSES}
 * @param by     who gave the newest order
 * @param reason why, for people; may be empty
 */
public record Suspension(Subject subject, Instant at, List<Span> pauses, String by, String reason)
        implements ControlRecord, Timeline {
    /** The oldest is forgotten for the next. Its time then counts, for a file that has waited since before it. */
    public static final int MOST_PAUSES = 100;

    public Suspension {
        by = Texts.cut(by, FileEvent.LONGEST_BY);
        reason = Texts.cut(reason, FileEvent.LONGEST_REASON);
        pauses = List.copyOf(pauses.subList(Math.max(0, pauses.size() - MOST_PAUSES), pauses.size()));
    }

    /** What is paused. */
    public sealed interface Subject {
        /** All files for a destination. */
        record Destination(DestinationName name) implements Subject {
            @Override
            public String toString() {
                return "destination " + name;
            }
        }

        /** All files of a route. */
        record OfRoute(RouteName name) implements Subject {
            @Override
            public String toString() {
                return "route " + name;
            }
        }
    }

    /** Nobody has paused it. */
    public static Suspension none(Subject subject) {
        return new Suspension(subject, Instant.EPOCH, List.of(), "", "");
    }

    /**
     * The pause that holds for a process whose clock shows an instant. Whoever knows the newest order is past it, whatever
     * the clock shows: a clock that is slow or is set back neither suspends a pause nor makes one last longer.
     */
    public Optional<Span> present(Instant now) {
        Instant moment = moment(now);
        return pauses.stream().filter(pause -> pause.contains(moment)).findFirst();
    }

    /** The later of an instant and the newest order. */
    public Instant moment(Instant now) {
        return now.isBefore(at) ? at : now;
    }

    /**
     * The same, paused from now on. If it is paused already, the pause gets another end.
     *
     * @param until after {@code now}; null until somebody ends it
     */
    public Suspension paused(Instant now, @Nullable Instant until, String by, String reason) {
        List<Span> all = ended(now);
        Instant from = present(now).map(Span::from).filter(begin -> begin.isBefore(now)).orElse(now);
        all.removeIf(pause -> !pause.from().isBefore(from));
        all.add(new Span(from, until));
        return new Suspension(subject, now, all, by, reason);
    }

    /** The same, and from now on not paused. */
    public Suspension resumed(Instant now, String by, String reason) {
        return new Suspension(subject, now, ended(now), by, reason);
    }

    /** Without what is ahead. The clock of the process that began a pause may be fast: then nothing is left of it. */
    private List<Span> ended(Instant now) {
        var past = new ArrayList<Span>();
        for (Span pause : pauses) {
            if (pause.from().isBefore(now)) {
                Instant to = pause.to();
                past.add(new Span(pause.from(), to == null || to.isAfter(now) ? now : to));
            }
        }
        return past;
    }

    @Override
    public boolean halted(Instant moment) {
        return pauses.stream().anyMatch(pause -> pause.contains(moment));
    }

    @Override
    public Instant next(Instant moment) {
        return Span.halting(pauses).next(moment);
    }

    @Override
    public FileId key() {
        return switch (subject) {
            case Subject.Destination(var name) -> FileId.ofPlace("paused destination", name.value());
            case Subject.OfRoute(var name) -> FileId.ofPlace("paused route", name.value());
        };
    }
}
