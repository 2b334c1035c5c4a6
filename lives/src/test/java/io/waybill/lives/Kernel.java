package io.waybill.lives;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
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
 * real clock.
 */
final class Kernel {
    /** When every life begins. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Method NEW_THREAD = newThread();

    private final Choices choices;
    private final Deque<Step> ready = new ArrayDeque<>();
    private final List<Step> candidates = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private long now;
    private long numbers;
    private long steps;
    private Throwable fault;
    private final Thread runner = Thread.currentThread();
    private final Set<Thread> threads = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile boolean disturbed;

    Kernel(Choices choices) {
        this.choices = choices;
    }

    /** A thread of the life waited for something that is shared with others; what came of it is chance. */
    static final class Disturbed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Disturbed() {
            super("a thread of the life waited for a lock, and one that is not of the life let it go on");
        }
    }

    /** A step of a thread. */
    private record Step(Machine process, Runnable continuation) {}

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
        Executor scheduler = continuation -> {
            if (!ofThisLife(Thread.currentThread())) {
                disturbed = true;
                // Whoever waits behind it for the same lock must not wait for ever.
                Thread.ofPlatform().start(continuation);
                return;
            }
            ready.add(new Step(process, continuation));
        };
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
        };
        try {
            var thread = (Thread) NEW_THREAD.invoke(null, scheduler, name, 0, guarded);
            threads.add(thread);
            thread.start();
            return thread;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("no virtual thread could be made", e);
        }
    }

    private boolean ofThisLife(Thread thread) {
        return thread.isVirtual() ? threads.contains(thread) : thread.equals(runner);
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
            if (disturbed) {
                throw new Disturbed();
            }
            if (fault != null) {
                throw new IllegalStateException("the simulation is at fault", fault);
            }
        }
        return enough.getAsBoolean();
    }

    private boolean step(long latest) {
        Step next = choose();
        steps++;
        if (next != null) {
            next.continuation().run();
            return true;
        }
        Timer timer = timers.peek();
        if (timer == null || timer.at() > latest) {
            return false;
        }
        timers.remove();
        now = timer.at();
        timer.action().run();
        return true;
    }

    private Step choose() {
        candidates.clear();
        for (int left = ready.size(); left > 0; left--) {
            Step step = ready.remove();
            if (step.process().dead()) {
                continue;
            }
            if (step.process().paused()) {
                step.process().hold(() -> ready.add(step));
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
