package io.waybill.state.index;

import io.waybill.domain.FileState;
import io.waybill.domain.Lane;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Target;
import org.jspecify.annotations.Nullable;

/**
 * Open deliveries that are counted together. There are few groups: a route has one destination, and that has few lanes.
 *
 * @param lane of the file; the first one if it never had work
 */
public record LaneWork(RouteName route, Lane lane, Step step) {
    /** How far a delivery is. */
    public enum Step {
        /** It is not due. */
        WAITING,
        /** It is due, and handed out to the workers. */
        HANDED_OUT,
        /** A worker has connected for it, and may have an intent in its ledger. */
        SENDING
    }

    /** Returns null for a file that has ended, is delivered, or has no target yet. */
    static @Nullable LaneWork of(@Nullable FileState file) {
        if (file == null || file.phase().stage() != Stage.DELIVERY || !(file.phase() instanceof Phase.Open open)) {
            return null;
        }
        Target target = file.target();
        Integer lane = file.lane();
        return target == null
                ? null
                : new LaneWork(
                        file.route(), new Lane(target.destination(), lane == null ? 0 : lane), step(open));
    }

    private static Step step(Phase.Open phase) {
        return switch (phase) {
            case Phase.Waiting _ -> Step.WAITING;
            case Phase.Queued _ -> Step.HANDED_OUT;
            case Phase.Started _ -> Step.SENDING;
        };
    }
}
