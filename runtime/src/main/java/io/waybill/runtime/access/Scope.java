package io.waybill.runtime.access;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a principal sees: those that fit both parts. Immutable.
 *
 * @param routes       empty for files of any route
 * @param destinations empty for files of any destination, or of none
 */
public record Scope(Optional<Set<RouteName>> routes, Optional<Set<DestinationName>> destinations) {
    public static final Scope ALL = new Scope(Optional.empty(), Optional.empty());

    public Scope {
        routes = routes.map(Set::copyOf);
        destinations = destinations.map(Set::copyOf);
    }

    /** Whether it leaves nothing out. */
    public boolean all() {
        return routes.isEmpty() && destinations.isEmpty();
    }

    /**
     * Whether a file is in it.
     *
     * @param destination null for a file without one
     */
    public boolean allows(RouteName route, @Nullable DestinationName destination) {
        return routes.map(some -> some.contains(route)).orElse(true)
                && destinations.map(some -> destination != null && some.contains(destination)).orElse(true);
    }
}
