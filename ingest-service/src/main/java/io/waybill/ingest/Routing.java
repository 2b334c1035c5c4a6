package io.waybill.ingest;

import io.waybill.domain.Route;
import io.waybill.domain.SourceObject;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.runtime.access.Scope;
import io.waybill.store.ObjectVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the routes that take an object. */
final class Routing {
    private final List<Route> routes;

    Routing(Collection<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** The buckets that some route reads. */
    Set<String> buckets() {
        return routes.stream().map(route -> route.source().bucket()).collect(Collectors.toSet());
    }

    /** The routes that may take the object of an event: only the store knows its size, and which of two keys it has. */
    List<Route> of(Created event) {
        return ofKey(event)
                .filter(route -> route.source().takesEvent(word(event.eventName())))
                .toList();
    }

    /** Whether an object that became no file would be seen in a scope if it were one. */
    boolean sees(Scope scope, ObjectVersion object) {
        return scope.all()
                || routes.stream()
                        .filter(route -> route.source().takes(object.bucket(), object.key()))
                        .anyMatch(route -> scope.allows(
                                route.name(), route.delivery() == null ? null : route.delivery().destination()));
    }

    /** Whether a route would take the object if it had been written in another way. */
    boolean takesKey(Created event) {
        return ofKey(event).findAny().isPresent();
    }

    private Stream<Route> ofKey(Created event) {
        String bucket = event.object().bucket();
        return routes.stream()
                .filter(route -> route.source().takes(bucket, event.object().key())
                        || event.rawKey() != null && route.source().takes(bucket, event.rawKey()));
    }

    /**
     * The routes that take an object.
     *
     * @param event   the store's word for how it was written
     * @param settled whether the object had time to settle: routes that wait for it, or the others
     * @param now     a restored object that is older than the retention of a route may have been its file before
     */
    List<Route> of(SourceObject object, String event, boolean settled, Instant now) {
        Duration age = Duration.between(object.lastModified(), now);
        return routes.stream()
                .filter(route -> !event.equals(S3EventRecord.RESTORED) || age.compareTo(route.retention()) < 0)
                .filter(route -> route.source().takes(object.bucket(), object.key()))
                .filter(route -> route.source().takesEvent(word(event)))
                .filter(route -> route.source().settles() == settled)
                .filter(route -> route.source().takesSize(object.size()))
                .toList();
    }

    /** A restored object is taken whatever the events of the route: nobody knows how it was written. */
    private static String word(String event) {
        return event.equals(S3EventRecord.RESTORED) ? "" : event;
    }

    /** How long an object must settle for all of these routes; zero if none of them waits. */
    static Duration settle(List<Route> routes) {
        return routes.stream()
                .map(route -> route.source().settle())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Whether one of these routes looks at an object at once. */
    static boolean anyAtOnce(List<Route> routes) {
        return routes.stream().anyMatch(route -> !route.source().settles());
    }
}
