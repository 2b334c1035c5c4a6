package io.waybill.devstack.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to end, which comes once, and the actions for it. For any thread. */
final class StopRequest {
    private final List<Runnable> actions = new ArrayList<>();
    private @Nullable Thread starting;
    private boolean requested;

    synchronized void request() {
        if (!requested) {
            requested = true;
            if (starting != null) {
                starting.interrupt();
            }
            actions.forEach(Runnable::run);
        }
    }

    synchronized boolean requested() {
        return requested;
    }

    /** Sets the action for a request to end. If the request has already come, the action runs at once. */
    synchronized void onRequest(Runnable action) {
        if (requested) {
            action.run();
        } else {
            actions.add(action);
        }
    }

    /** While the scope is open, a request interrupts the thread. After that the thread's interrupt flag is clear. */
    Scope interrupting(Thread thread) {
        synchronized (this) {
            starting = thread;
            if (requested) {
                thread.interrupt();
            }
        }
        return new Scope();
    }

    final class Scope implements AutoCloseable {
        @Override
        public void close() {
            synchronized (StopRequest.this) {
                starting = null;
                if (requested) {
                    Thread.interrupted();
                }
            }
        }
    }
}
