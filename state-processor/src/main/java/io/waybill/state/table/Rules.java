package io.waybill.state.table;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Decision;
import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileState;
import io.waybill.domain.Lane;
import io.waybill.domain.Lifecycle;
import io.waybill.domain.NameFolding;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Stage;
import io.waybill.domain.Target;
import io.waybill.domain.Timeouts;
import io.waybill.domain.TransferWork;
import io.waybill.domain.Unplaced;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the configured routes. If a route is removed from the configuration, its known files continue: their
 * state and the defaults say how. A new file of such a route waits until the route is configured. Immutable.
 */
public final class Rules {
    /**
     * How much later than its record's time an event's time may be. A wrong clock alone does not make a larger
     * difference. The broker checked the record's time.
     */
    private static final Duration LARGEST_LEAD = Duration.ofDays(2);

    private final Map<RouteName, Route> routes;
    private final Map<RouteName, Lifecycle> lifecycles = new HashMap<>();
    private final Map<DestinationName, DestinationConfig> destinations;
    private final Duration remembered;

    public Rules(WaybillConfig config) {
        this.routes = config.routes();
        this.destinations = config.destinations();
        routes.forEach((name, route) -> lifecycles.put(name, new Lifecycle(route)));
        // A worker keeps what it remembers for the longest time that any of its work requires. The clock of the worker
        // may be fast.
        this.remembered = routes.values().stream()
                .map(route -> route.timeouts().sum())
                .reduce(TransferWork.DEFAULT_KEEP, (one, other) -> one.compareTo(other) < 0 ? other : one)
                .plus(LARGEST_LEAD);
    }

    /** Decides what an event means if it is applied when its record is written. Does not throw. */
    public Decision decide(@Nullable FileState file, FileEvent event, Instant seen) {
        return decide(file, event, seen, seen);
    }

    /**
     * Decides what an event means. Does not throw.
     *
     * @param file    the state so far; null if the file is not known
     * @param written the time of the event's record
     * @param seen    when the event is applied, by the clock of this process
     */
    Decision decide(@Nullable FileState file, FileEvent event, Instant written, Instant seen) {
        if (event.at().isBefore(Instant.EPOCH) || event.at().isAfter(written.plus(LARGEST_LEAD))) {
            return new Rejected(
                    "the event says it happened at " + event.at() + ", its record was written at " + written);
        }
        return onLane(unplaced(file, event, seen));
    }

    private Decision unplaced(@Nullable FileState file, FileEvent event, Instant seen) {
        if (file != null) {
            return needsRoute(file, event) && !knows(file.route())
                    ? new Ignored("the file's route is not configured")
                    : lifecycle(file).apply(file, event, seen);
        }
        if (!(event instanceof Arrived arrived)) {
            return Lifecycle.unknown(event);
        }
        Lifecycle lifecycle = lifecycles.get(arrived.route());
        return lifecycle == null
                ? Unplaced.arrived(arrived, seen, routes.keySet())
                : lifecycle.apply(null, event, seen);
    }

    /** Whether only the route can say where a file goes: its state does not. */
    private static boolean needsRoute(FileState file, FileEvent event) {
        boolean begins = event instanceof RedriveRequested
                || event instanceof DeadlineReached reached && reached.kind() == DeadlineKind.RETRY_DUE;
        return begins && file.target() == null && file.phase().stage() == Stage.DELIVERY;
    }

    /** Whether a destination is configured, and files for it may be in the scope. */
    public boolean delivers(DestinationName name, Scope scope) {
        return destinations.containsKey(name)
                && scope.destinations().map(some -> some.contains(name)).orElse(true)
                && (scope.routes().isEmpty()
                        || routes.values().stream().anyMatch(route -> route.delivery() != null
                                && route.delivery().destination().equals(name)
                                && scope.allows(route.name(), name)));
    }

    /** The configured routes whose files may be in the scope. */
    public Set<String> routes(Scope scope) {
        return routes.values().stream()
                .filter(route -> scope.allows(
                        route.name(), route.delivery() == null ? null : route.delivery().destination()))
                .map(route -> route.name().value())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The configured destinations that may get files in the scope. */
    public Set<String> destinations(Scope scope) {
        return destinations.keySet().stream()
                .filter(name -> delivers(name, scope))
                .map(DestinationName::value)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether all files for a destination are in the scope, as far as the configuration tells. */
    public boolean deliversOnly(DestinationName name, Scope scope) {
        return routes.values().stream()
                .filter(route -> route.delivery() != null && route.delivery().destination().equals(name))
                .allMatch(route -> scope.allows(route.name(), name));
    }

    private Lifecycle lifecycle(FileState file) {
        Lifecycle configured = lifecycles.get(file.route());
        return configured != null ? configured : new Lifecycle(fallback(file));
    }

    /** Whether the route of a file is configured, so that the configuration decides about the file. */
    boolean knows(RouteName route) {
        return routes.containsKey(route);
    }

    /**
     * Returns a file with the time-outs of today's configuration. If the route is not configured, the time-outs stay as
     * they were.
     */
    public FileState withCurrentTimeouts(FileState file) {
        Route configured = routes.get(file.route());
        return configured == null ? file : file.under(configured.timeouts());
    }

    /**
     * How long an ended file of a route stays in the table: for its retention, and at least as long as a worker may
     * remember that it delivered the file. If the store notifies Waybill of an object again after its retention, the
     * object is a new file. As long as the old file is in the table, the sendings of the two are distinct.
     */
    Duration stay(RouteName name) {
        Route route = routes.get(name);
        Duration retention = route == null ? Route.DEFAULT_RETENTION : route.retention();
        boolean shorter = retention.compareTo(remembered) < 0;
        return shorter && (route == null || route.delivery() != null) ? remembered : retention;
    }

    /**
     * Puts a file on a lane if there is work for it. A file that is on a lane stays there, even if the destination gets
     * another number of lanes, because only the lane's owner knows what an earlier attempt left.
     */
    private Decision onLane(Decision decision) {
        return decision instanceof Moved(var file, var effects)
                && file.target() != null
                && file.lane() == null
                && effects.stream().anyMatch(Dispatch.class::isInstance)
                        ? new Moved(file.onLane(lane(file.target()).number()), effects)
                        : decision;
    }

    /** The names that a destination treats as one. */
    NameFolding folding(DestinationName name) {
        DestinationConfig destination = destinations.get(name);
        return destination == null ? NameFolding.NONE : destination.foldNames();
    }

    private Lane lane(Target target) {
        DestinationConfig destination = destinations.get(target.destination());
        // The worker refuses work for a destination that is not configured. One lane is enough for that.
        return destination == null
                ? Lane.of(target.destination(), target.path(), 1)
                : destination.lane(target.path());
    }

    /** Makes a route from the state of one of its files. */
    private static Route fallback(FileState file) {
        Delivery delivery = file.target() == null ? null : delivery(file.target(), file.onConflict());
        boolean importRequired = delivery == null || file.phase().stage() == Stage.IMPORT;
        return new Route(
                file.route(),
                new SourceFilter(file.source().bucket(), "", ""),
                delivery,
                RetryPolicy.DEFAULT,
                Timeouts.DEFAULT,
                importRequired,
                Route.DEFAULT_RETENTION);
    }

    private static Delivery delivery(Target target, @Nullable ConflictPolicy onConflict) {
        return new Delivery(
                target.destination(),
                PathTemplate.of(target.path()),
                // The versions of one key keep their order only if they all follow one policy.
                onConflict == null ? ConflictPolicy.REFUSE : onConflict,
                Proof.SIZE,
                false);
    }
}
