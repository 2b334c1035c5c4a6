package io.waybill.state.table;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import org.jspecify.annotations.Nullable;

/**
 * Files that are counted together.
 *
 * @param destination null for files without a target
 */
public record FileGroup(Status status, RouteName route, @Nullable DestinationName destination) {
    public static FileGroup of(FileState file) {
        Target target = file.target();
        return new FileGroup(file.status(), file.route(), target == null ? null : target.destination());
    }
}
