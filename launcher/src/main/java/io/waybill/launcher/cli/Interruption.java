package io.waybill.launcher.cli;

import java.util.ArrayList;
import java.util.List;

/** Ctrl-C and SIGTERM, for commands that have something to bring to an end. Any thread. */
public final class Interruption {
    private final List<Runnable> actions = new ArrayList<>();

    /** What is to happen on a request. It must return at once. */
    synchronized void onRequest(Runnable action) {
        actions.add(action);
    }

    /**
     * Asks the running command to end.
     *
     * @return false if it has nothing to bring to an end, and may just be killed
     */
    public synchronized boolean request() {
        actions.forEach(Runnable::run);
        return !actions.isEmpty();
    }
}
