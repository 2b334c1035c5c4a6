package io.waybill.lives;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Time and threads of one life. Every thread is a virtual one whose steps are run one at a time by the thread that calls
 * {@link #run}; which of those that are ready goes next is a choice. Time stands still while a thread is ready, and then
 * jumps to the next timer.
 *
 * <p>A thread may block on anything that another thread of the life ends: a future, a lock, a queue. It must not wait by the
 * real clock. Where it waits for a monitor that another life in the same JVM has, as when a class is loaded, time stands
 * still until it goes on.
 */
final class Kernel {
    /** When every life begins. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    static final java.util.concurrent.atomic.LongAdder DBG = new java.util.concurrent.atomic.LongAdder();
    private static final int LONGEST_WAIT = 1_000_000;

    private static final Method NEW_THREAD = newThread();

    private final Choices choices;
    /** Added to by the JVM as well, when a monitor is free again. */
    private final Queue<Step> ready = new ConcurrentLinkedQueue<>();
    private final List<Living> threads = new ArrayList<>();
    private int waited;
    private final List<Step> candidates = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private long now;
    private long numbers;
    private long steps;
    private Throwable fault;

    Kernel(Choices choices) {
        this.choices = choices;
    }

    /** A step of a thread. */
    private record Step(Machine process, Runnable continuation) {}

    private record Living(Machine process, Thread thread) {
        boolean over() {
            return process.dead() || thread.getState() == Thread.State.TERMINATED;
        }
    }

    private record Timer(long at, long number, Runnable action) {}

    private static Method newThread() {
        try {
            // The only way to have virtual threads on a scheduler of one's own; needs --add-opens java.base/java.lang=ALL-UNNAMED.
            Method method = Class.forName("java.lang.ThreadBuilders")
                    .getDeclaredMethod(
                            "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no virtual threads with another scheduler", e);
        }
    }

    /** Milliseconds since the life began. */
    long now() {
        return now;
    }

    Instant instant() {
        return START.plusMillis(now);
    }

    /** How many steps were taken so far. */
    long steps() {
        return steps;
    }

    Choices choices() {
        return choices;
    }

    /** Starts a thread of a process. Whatever it throws is handed on; null is a regular end. */
    Thread start(Machine process, String name, Runnable task, Consumer<Throwable> failed) {
        Executor scheduler = continuation -> ready.add(new Step(process, continuation));
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
        };
        try {
            var thread = (Thread) NEW_THREAD.invoke(null, scheduler, name, 0, guarded);
            threads.add(new Living(process, thread));
            thread.start();
            return thread;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("no virtual thread could be made", e);
        }
    }

    /** Does something at a time, on no thread of the life; it must not block. */
    void at(long time, Runnable action) {
        timers.add(new Timer(Math.max(time, now), numbers++, action));
    }

    void after(long millis, Runnable action) {
        at(now + millis, action);
    }

    /** Returns so much later; called by a thread of the life. */
    void sleep(long millis) {
        Thread thread = Thread.currentThread();
        var over = new boolean[1];
        after(millis, () -> {
            over[0] = true;
            LockSupport.unpark(thread);
        });
        parkUntil(() -> over[0]);
    }

    /** Returns when that is so; whoever makes it so unparks the thread. */
    static void parkUntil(BooleanSupplier so) {
        while (!so.getAsBoolean()) {
            LockSupport.park();
        }
    }

    /** What went wrong with the simulation itself. */
    void fault(Throwable problem) {
        if (fault == null) {
            fault = problem;
        }
    }

    /**
     * Runs until that is so, nothing is left to happen, or a time or a number of steps is reached.
     *
     * @return whether it is so
     */
    boolean run(BooleanSupplier enough, long latest, long mostSteps) {
        while (!enough.getAsBoolean() && steps < mostSteps) {
            if (!step(latest)) {
                break;
            }
            if (fault != null) {
                throw new IllegalStateException("the simulation is at fault", fault);
            }
        }
        return enough.getAsBoolean();
    }

    private boolean step(long latest) {
        Step next = choose();
        if (next != null) {
            steps++;
            next.continuation().run();
            return true;
        }
        if (waitsForAnotherLife()) {
            DBG.increment();
            Thread.yield();
            return true;
        }
        waited = 0;
        Timer timer = timers.peek();
        if (timer == null || timer.at() > latest) {
            return false;
        }
        timers.remove();
        steps++;
        now = timer.at();
        timer.action().run();
        return true;
    }

    private boolean waitsForAnotherLife() {
        threads.removeIf(Living::over);
        boolean blocked = threads.stream().anyMatch(living -> living.thread().getState() == Thread.State.BLOCKED);
        // One of this life may have the monitor, and wait for time to pass.
        return (blocked || !ready.isEmpty()) && waited++ < LONGEST_WAIT;
    }

    private Step choose() {
        candidates.clear();
        Step step;
        while ((step = ready.poll()) != null) {
            if (step.process().dead()) {
                continue;
            }
            if (step.process().paused()) {
                Step held = step;
                step.process().hold(() -> ready.add(held));
                continue;
            }
            candidates.add(step);
        }
        if (candidates.isEmpty()) {
            return null;
        }
        Step chosen = candidates.remove(choices.next(candidates.size()));
        ready.addAll(candidates);
        return chosen;
    }
}
