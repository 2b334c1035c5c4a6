package io.waybill.lives;

import io.waybill.runtime.time.ProcessClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A process of the simulated world: its threads live, pause and die together, and its clock may be wrong. */
final class Machine {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Kernel kernel;
    private final String name;
    private final Mischief mischief;
    private final List<Runnable> held = new ArrayList<>();
    private boolean dead;
    private long pausedUntil;
    private long skew;

    Machine(Kernel kernel, String name, Mischief mischief) {
        this.kernel = kernel;
        this.name = name;
        this.mischief = mischief;
        this.pausedUntil = kernel.now();
    }

    String name() {
        return name;
    }

    boolean dead() {
        return dead;
    }

    boolean paused() {
        return pausedUntil > kernel.now();
    }

    /** What the process takes for the time; what it measures is right, whatever its clock is set to. */
    ProcessClock clock() {
        return ProcessClock.of(this::instant, this::nanos);
    }

    private long nanos() {
        long millis = mischief.does(Mutation.DURATIONS_BY_THE_WALL_CLOCK) ? kernel.now() + skew : kernel.now();
        return millis * NANOS_PER_MILLI;
    }

    /** Since when it runs without having been paused. */
    long runsSince() {
        return pausedUntil;
    }

    private Instant instant() {
        return Kernel.START.plusMillis(kernel.now() + skew);
    }

    /** None of its threads takes another step. */
    void kill() {
        dead = true;
    }

    /** None of its threads takes a step for so long. */
    void pause(long millis) {
        pausedUntil = Math.max(pausedUntil, kernel.now() + millis);
        kernel.at(pausedUntil, this::release);
    }

    /** It goes on. */
    void resume() {
        pausedUntil = kernel.now();
        release();
    }

    private void release() {
        if (pausedUntil <= kernel.now()) {
            List<Runnable> steps = List.copyOf(held);
            held.clear();
            steps.forEach(Runnable::run);
        }
    }

    /** Keeps back what a thread of it would do next. */
    void hold(Runnable step) {
        held.add(step);
    }

    /** A clock that is ahead is right again. */
    void mendClock() {
        skew = Math.min(skew, 0);
    }

    /** Its clock is set to another time. */
    void setClock(long millisAhead) {
        skew = millisAhead;
    }
}
