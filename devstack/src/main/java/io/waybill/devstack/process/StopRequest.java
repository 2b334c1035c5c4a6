package io.waybill.devstack.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** That somebody wants an end, once, and what is to happen then. Any thread. */
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

    /** What is to be done on a request; at once if it came already. */
    synchronized void onRequest(Runnable action) {
        if (requested) {
            action.run();
        } else {
            actions.add(action);
        }
    }

    /** While the scope is open, a request interrupts the thread; afterwards its interrupt flag is clear. */
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
