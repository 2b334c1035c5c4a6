package io.waybill.e2e.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What was done. Any thread. */
final class FaultLog {
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> missed = new ConcurrentLinkedQueue<>();
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();

    /**
     * A fault that happened.
     *
     * @param waited until its point was reached
     * @param took   until everything ran again
     */
    record Done(Fault fault, String worker, Duration waited, Duration took) {}

    void done(Done one) {
        done.add(one);
    }

    /** Its point was not reached in time. */
    void missed(Fault fault) {
        missed.add(fault);
    }

    /** A worker ended by itself. */
    void ended(String worker) {
        ends.add(worker);
    }

    int count() {
        return done.size();
    }

    List<Done> done() {
        return new ArrayList<>(done);
    }

    List<Fault> missed() {
        return new ArrayList<>(missed);
    }

    List<String> ends() {
        return new ArrayList<>(ends);
    }
}
