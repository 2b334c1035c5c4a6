package io.waybill.runtime.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of a process. {@link #instant} is the wall clock's, for times that others see. It may be set back an hour,
 * or forward a day, at any moment. {@link #nanos} only ever grows, at an even pace. Every duration within the process
 * is measured by it. Any thread.
 */
public interface ProcessClock extends InstantSource {
    /** Nanoseconds since some moment before the process began; only the difference of two values has a meaning. */
    long nanos();

    /** How much time has passed since {@link #nanos} gave this value. */
    default Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }

    /** The value that {@link #nanos} will give after this time; a moment for {@link #isOver}. */
    default long after(Duration time) {
        return nanos() + time.toNanos();
    }

    /** Whether a moment that {@link #after} gave is reached. */
    default boolean isOver(long moment) {
        return nanos() - moment >= 0;
    }

    /** How much time is left until a moment that {@link #after} gave; zero once it is reached. */
    default Duration until(long moment) {
        return Duration.ofNanos(Math.max(0, moment - nanos()));
    }

    /** The clock of the machine. */
    static ProcessClock system() {
        return of(InstantSource.system(), System::nanoTime); // allow clock: the door through which time comes in
    }

    /** A clock made of two sources. */
    static ProcessClock of(InstantSource wall, LongSupplier nanos) {
        return new ProcessClock() {
            @Override
            public Instant instant() {
                return wall.instant();
            }

            @Override
            public long nanos() {
                return nanos.getAsLong();
            }
        };
    }
}
