package io.waybill.lives;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.Lane;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import java.util.HashMap;
import java.util.Map;

/**
 * A delivery ends soon where nothing hinders it: neither the trouble of another destination or partition does, nor a clock
 * that is set back.
 */
final class OthersGoOn implements Checker {
    /** For retries, deferrals and slow trips after the last thing that went wrong. */
    private static final long SOON = 25 * 60_000;

    private final Truth truth;
    private final World world;
    private final Map<String, Long> since = new HashMap<>();

    OthersGoOn(Truth truth, World world) {
        this.truth = truth;
        this.world = world;
    }

    @Override
    public void moved(FileState before, FileEvent event, FileState after) {
        if (after == null) {
            return;
        }
        String id = after.id().value();
        if (event instanceof FileEvent.Failed && !world.setting().knows(after.route())) {
            // Its own server refused it. A file whose route nobody knows is tried for hours.
            since.remove(id);
        }
        if (!delivering(after)) {
            since.remove(id);
        } else if (!since.containsKey(id)) {
            since.put(id, world.kernel().now());
            look(id, world.kernel().now());
        }
    }

    private static boolean delivering(FileState file) {
        return file.phase() instanceof Phase.Open open && open.stage() == Stage.DELIVERY;
    }

    /** Looks when the file should have ended, if nothing hinders it until then. */
    private void look(String id, long begun) {
        FileState file = world.state().of(id);
        if (file.lane() == null || file.target() == null) {
            return;
        }
        var lane = new Lane(file.target().destination(), file.lane());
        long latest = SOON + Math.max(
                begun, world.hindrances().until(world.server(lane.destination()), world.setting().partitionOf(lane)));
        if (latest > world.kernel().now()) {
            world.kernel().at(latest, () -> {
                if (since.getOrDefault(id, -1L) == begun) {
                    look(id, begun);
                }
            });
            return;
        }
        truth.broken(Promise.OTHERS_GO_ON, truth.called(id) + " is " + file.status() + " since "
                + (world.kernel().now() - begun) / 60_000 + " minutes, and nothing hinders it");
    }
}
