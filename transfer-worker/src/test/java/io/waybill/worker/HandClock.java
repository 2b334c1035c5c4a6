package io.waybill.worker;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that a test drives by hand, and a wall clock that is set while it goes on. */
public final class HandClock implements ProcessClock {
    private Instant wall = Instant.parse("2026-03-02T08:16:00Z");
    private long nanos;

    /** Of which both clocks show the same time. */
    public static ProcessClock following(InstantSource source) {
        return ProcessClock.of(
                source, () -> Duration.between(Instant.EPOCH, source.instant()).toNanos());
    }

    @Override
    public Instant instant() {
        return wall;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /** So much time passes. */
    public void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** Somebody sets the wall clock forward, or back. */
    public void set(Duration by) {
        wall = wall.plus(by);
    }
}
