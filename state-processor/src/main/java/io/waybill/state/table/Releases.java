package io.waybill.state.table;

import io.waybill.domain.FileState;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.halt.Halts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The newest release of each place that this process has heard of, and what is halted. Every task looks for itself. Any
 * thread.
 */
public final class Releases {
    private final Map<Place, Heard> newest = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final InstantSource clock;
    private final Halts halts;

    /** Nothing is ever halted. */
    public Releases(InstantSource clock) {
        this(clock, new Halts(Map.of()));
    }

    public Releases(InstantSource clock, Halts halts) {
        this.clock = clock;
        this.halts = halts;
    }

    /** What must not be handed out. */
    Halts halts() {
        return halts;
    }

    /**
     * A release with its number.
     *
     * @param number greater than that of every release heard before
     * @param at     when this process heard of it
     */
    record Heard(long number, Instant at, Release release) {}

    /** Takes a release. */
    public void heard(Release release) {
        newest.put(release.place(), new Heard(numbers.incrementAndGet(), clock.instant(), release));
    }

    /** The newest release of what a file waits for, if it was said since the file waits. */
    Optional<Release> since(FileState file) {
        return newest.values().stream()
                .map(Heard::release)
                .filter(release -> release.place().holds(file) && !file.changedAt().isAfter(release.at()))
                .findAny();
    }

    /** The releases after a number, in the order of their numbers. */
    List<Heard> after(long number) {
        return newest.values().stream()
                .filter(heard -> heard.number() > number)
                .sorted(Comparator.comparingLong(Heard::number))
                .toList();
    }
}
