package io.waybill.state.table;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import java.util.Optional;

/** Which files; what is empty does not matter. */
public record FileFilter(
        Optional<Status> status, Optional<RouteName> route, Optional<DestinationName> destination) {

    public boolean matches(FileState file) {
        return status.map(file.status()::equals).orElse(true)
                && route.map(file.route()::equals).orElse(true)
                && destination
                        .map(name -> file.target() != null && name.equals(file.target().destination()))
                        .orElse(true);
    }
}
