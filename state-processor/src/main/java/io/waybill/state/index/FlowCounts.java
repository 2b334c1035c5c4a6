package io.waybill.state.index;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Target;
import org.jspecify.annotations.Nullable;

/**
 * What happened to files in one minute.
 *
 * @param arrived   files that were seen then
 * @param completed files whose end is that they were COMPLETED then
 * @param failed    files whose end is that they became FAILED or TIMED_OUT then
 * @param bytes     of the completed files
 */
public record FlowCounts(long arrived, long completed, long failed, long bytes) {
    public static final FlowCounts NONE = new FlowCounts(0, 0, 0, 0);
    static final FlowCounts ARRIVED = new FlowCounts(1, 0, 0, 0);

    /**
     * Files that are counted together.
     *
     * @param destination null for files without a target
     */
    public record Group(RouteName route, @Nullable DestinationName destination) {
        static Group of(FileState file) {
            Target target = file.target();
            return new Group(file.route(), target == null ? null : target.destination());
        }
    }

    /** How a file ended. */
    static FlowCounts ended(FileState file) {
        return switch (file.status()) {
            case COMPLETED ->
                new FlowCounts(
                        0, 1, 0, file.receipt() == null ? file.source().size() : file.receipt().bytes());
            case FAILED, TIMED_OUT -> new FlowCounts(0, 0, 1, 0);
            case PENDING, STARTED -> NONE;
        };
    }

    public FlowCounts plus(FlowCounts other) {
        return new FlowCounts(
                arrived + other.arrived, completed + other.completed, failed + other.failed, bytes + other.bytes);
    }

    FlowCounts negative() {
        return new FlowCounts(-arrived, -completed, -failed, -bytes);
    }
}
