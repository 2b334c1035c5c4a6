package io.waybill.launcher.environment;

import java.util.ArrayList;
import java.util.List;

/** Reports Ctrl-C and SIGTERM to commands that must bring something to an end. For any thread. */
public final class Interruption {
    private final List<Runnable> actions = new ArrayList<>();
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
