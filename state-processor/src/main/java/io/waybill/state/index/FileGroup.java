package io.waybill.state.index;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import org.jspecify.annotations.Nullable;

/**
 * Files that are counted and listed together. There are few groups, because a route has one destination.
 *
 * @param failure     the kind of failure of files that are FAILED, and of what files wait for that are PENDING and held
 *                    back; null for all others
 * @param destination null for files without a target
 */
public record FileGroup(
        Status status,
        @Nullable FailureKind failure,
        RouteName route,
        @Nullable DestinationName destination) {
    public static FileGroup of(FileState file) {
        Target target = file.target();
        FailureKind failure = switch (file.phase()) {
            case Phase.Failed failed -> failed.failure().kind();
            case Phase.Waiting waiting -> waiting.reason().kind();
            case Phase.Queued _, Phase.Started _,Phase.Completed _,Phase.TimedOut _ -> null;
        };
        return new FileGroup(file.status(), failure, file.route(), target == null ? null : target.destination());
    }
}
