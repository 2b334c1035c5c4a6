package io.waybill.launcher.environment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reports Ctrl-C and SIGTERM to commands that must bring something to an end. For any thread. */
public final class Interruption {
    private final List<Runnable> actions = new ArrayList<>();
    private Optional<Duration> limit = Optional.empty();
    private boolean requested;

    /**
     * Sets the action for a request to end. The action must return at once. If the request has already come, the action
     * runs now.
     */
    public synchronized void onRequest(Runnable action) {
        actions.add(action);
        if (requested) {
            action.run();
        }
    }

    /** Sets how long the command may take to end after a request. */
    public synchronized void allow(Duration time) {
        limit = Optional.of(time);
    }

    /** What {@link #allow} said; empty if it was not called. */
    public synchronized Optional<Duration> limit() {
        return limit;
    }

    /**
     * Asks the running command to end.
     *
     * @return false if the command has nothing to bring to an end, so that the process may just be killed
     */
    public synchronized boolean request() {
        requested = true;
        actions.forEach(Runnable::run);
        return !actions.isEmpty();
    }
}
