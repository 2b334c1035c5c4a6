package io.waybill.lives;

import io.waybill.domain.FileState;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** No file of a paused destination or route is begun by a worker that could have heard of the pause. */
final class PausedIsNotBegun implements Checker {
    /** By then a worker that runs has heard. */
    private static final long HEARD = 3 * 60_000;

    private final Truth truth;
    private final World world;
    private final Map<Subject, Long> since = new HashMap<>();
    /** By file and sending, the process that began it. */
    private final Map<String, Machine> begun = new HashMap<>();

    PausedIsNotBegun(Truth truth, World world) {
        this.truth = truth;
        this.world = world;
    }

    @Override
    public void suspended(Suspension before, Suspension after) {
        Instant now = world.kernel().instant();
        if (after.present(now).isEmpty()) {
            since.remove(after.subject());
        } else if (before.present(now).isEmpty()) {
            since.put(after.subject(), world.kernel().now());
        }
    }

    @Override
    public void opened(Worker worker, Node node) {
        Node.Origin origin = node.origin();
        Machine process = worker.process();
        boolean goesOn = process.equals(begun.put(origin.file() + "-" + origin.sending(), process));
        FileState file = origin.file().isEmpty() ? null : world.state().of(origin.file());
        if (goesOn || file == null || file.target() == null) {
            return;
        }
        for (Subject subject : List.of(
                new Subject.Destination(file.target().destination()), new Subject.OfRoute(file.route()))) {
            // A worker whose clock is ahead takes a pause for over that ends by itself.
            boolean paused = world.suspension(subject).present(process.clock().instant()).isPresent();
            if (paused && world.kernel().now() - latest(subject, process) > HEARD) {
                truth.broken(Promise.PAUSED_IS_NOT_BEGUN, "worker " + worker.name() + " begins sending "
                        + origin.sending() + " of " + truth.called(origin.file()) + " though " + subject
                        + " is paused");
            }
        }
    }

    private long latest(Subject subject, Machine process) {
        long heard = Math.max(process.runsSince(), world.controls().onlineSince());
        return Math.max(heard, since.getOrDefault(subject, world.kernel().now()));
    }
}
