package io.waybill.ingest;

import io.waybill.domain.Route;
import io.waybill.store.ObjectVersion;
import java.util.Collection;
import java.util.List;

/** Finds the routes that take an object. */
final class Routing {
    private final List<Route> routes;

    Routing(Collection<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    List<Route> of(ObjectVersion object) {
        return routes.stream()
                .filter(route -> route.source().takes(object.bucket(), object.key()))
                .toList();
    }

    boolean takes(ObjectVersion object) {
        return routes.stream().anyMatch(route -> route.source().takes(object.bucket(), object.key()));
    }
}
