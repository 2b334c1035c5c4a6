package io.waybill.launcher.environment;

import java.util.ArrayList;
import java.util.List;

/** Ctrl-C and SIGTERM, for commands that have something to bring to an end. Any thread. */
public final class Interruption {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean requested;

    /** What is to happen on a request; it must return at once. If the request came already, it happens now. */
    public synchronized void onRequest(Runnable action) {
        actions.add(action);
        if (requested) {
            action.run();
        }
    }

    /**
     * Asks the running command to end.
     *
     * @return false if it has nothing to bring to an end, and may just be killed
     */
    public synchronized boolean request() {
        requested = true;
        actions.forEach(Runnable::run);
        return !actions.isEmpty();
    }
}
