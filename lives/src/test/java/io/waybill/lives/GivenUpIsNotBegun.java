package io.waybill.lives;

import io.waybill.domain.Control;
import java.util.HashMap;
import java.util.Map;

/** What was cancelled or has timed out is not begun any more by a worker that could have heard of it. */
final class GivenUpIsNotBegun implements Checker {
    /** By then a worker that runs has heard. */
    private static final long HEARD = 3 * 60_000;

    private final Truth truth;
    private final World world;
    private final Map<String, Told> told = new HashMap<>();
    /** By file and sending, the process that began it. */
    private final Map<String, Machine> begun = new HashMap<>();

    GivenUpIsNotBegun(Truth truth, World world) {
        this.truth = truth;
        this.world = world;
    }

    private record Told(int sending, long at) {}

    @Override
    public void givenUp(Control control) {
        told.put(control.id().value(), new Told(control.sending(), world.kernel().now()));
    }

    @Override
    public void opened(Worker worker, Node node) {
        Node.Origin origin = node.origin();
        Machine process = worker.process();
        boolean goesOn = process.equals(begun.put(origin.file() + "-" + origin.sending(), process));
        Told given = told.get(origin.file());
        if (given == null || goesOn || origin.sending() > given.sending()) {
            return;
        }
        long since = Math.max(given.at(), Math.max(process.runsSince(), world.controls().onlineSince()));
        if (world.kernel().now() - since > HEARD) {
            truth.broken(Promise.GIVEN_UP_IS_NOT_BEGUN, "worker " + worker.name() + " begins sending "
                    + origin.sending() + " of " + truth.called(origin.file()) + ", which was given up "
                    + (world.kernel().now() - given.at()) + " ms ago");
        }
    }
}
