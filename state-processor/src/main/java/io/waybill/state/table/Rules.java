package io.waybill.state.table;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Decision;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
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
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the configured routes. A file that is known goes on when its route has been taken out of the
 * configuration: it is finished by what its state says and by the defaults. A new one is rejected. Immutable.
 */
public final class Rules {
    /**
     * How far ahead of its own record an event may say it happened; more is no clock that goes wrong. The record's time was
     * checked by the broker.
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
        // A worker keeps what it remembers for the longest time that any of its work asks for; its clock may be fast.
        this.remembered = routes.values().stream()
                .map(route -> route.timeouts().sum())
                .reduce(TransferWork.DEFAULT_KEEP, (one, other) -> one.compareTo(other) < 0 ? other : one)
                .plus(LARGEST_LEAD);
    }

    /** What an event means that is applied when its record is written. Does not throw. */
    public Decision decide(@Nullable FileState file, FileEvent event, Instant seen) {
        return decide(file, event, seen, seen);
    }

    /**
     * What an event means. Does not throw.
     *
     * @param file    the state so far; null for a file never heard of
     * @param written the time of the event's record
     * @param seen    when it is applied, by the clock of this process
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
            return lifecycle(file).apply(file, event, seen);
        }
        if (event instanceof Arrived arrived && !routes.containsKey(arrived.route())) {
            return new Rejected("no route of the name '" + arrived.route() + "' is configured; known are "
                    + routes.keySet());
        }
        // Only an arrival has a route, and nothing else can begin a file: any route's rules say so.
        Lifecycle lifecycle = event instanceof Arrived arrived ? lifecycles.get(arrived.route()) : null;
        return lifecycle == null
                ? new Rejected("no file is known by this id, and the event is not its arrival")
                : lifecycle.apply(null, event, seen);
    }

    private Lifecycle lifecycle(FileState file) {
        Lifecycle configured = lifecycles.get(file.route());
        return configured != null ? configured : new Lifecycle(fallback(file));
    }

    /** Whether the route of a file is configured, so that what happens to it is what the operator wants. */
    boolean knows(RouteName route) {
        return routes.containsKey(route);
    }

    /** A file with its time-outs as the configuration of today has them; of a route that is gone, as they were. */
    public FileState withCurrentTimeouts(FileState file) {
        Route configured = routes.get(file.route());
        return configured == null ? file : file.under(configured.timeouts());
    }

    /**
     * How long a terminal file of a route stays in the table: its retention, and not less than a worker may remember what
     * it delivered. An object that is notified again after its retention is a new file; as long as its earlier life is
     * here, the sendings of the two are told apart.
     */
    Duration stay(RouteName name) {
        Route route = routes.get(name);
        Duration retention = route == null ? Route.DEFAULT_RETENTION : route.retention();
        boolean shorter = retention.compareTo(remembered) < 0;
        return shorter && (route == null || route.delivery() != null) ? remembered : retention;
    }

    /**
     * Puts a file on a lane when there is work for it. One that is on a lane stays there, whatever number of lanes the
     * destination has meanwhile: what an earlier attempt left is known to the lane's owner alone.
     */
    private Decision onLane(Decision decision) {
        return decision instanceof Moved(var file, var effects)
                && file.target() != null
                && file.lane() == null
                && effects.stream().anyMatch(Dispatch.class::isInstance)
                        ? new Moved(file.onLane(lane(file.target()).number()), effects)
                        : decision;
    }

    /** Which names a destination takes for one. */
    NameFolding folding(DestinationName name) {
        DestinationConfig destination = destinations.get(name);
        return destination == null ? NameFolding.NONE : destination.foldNames();
    }

    private Lane lane(Target target) {
        DestinationConfig destination = destinations.get(target.destination());
        // Work for a destination that is gone is refused by the worker, and one lane is enough for that.
        return Lane.of(
                target.destination(),
                target.path(),
                folding(target.destination()),
                destination == null ? 1 : destination.lanes());
    }

    /** What the state of a file tells of the route it came by. */
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

    private static @Nullable Delivery delivery(Target target, @Nullable ConflictPolicy onConflict) {
        String path = target.path().value();
        // A brace cannot be written in a template; such a file is not sent again, and says why.
        return path.indexOf('{') >= 0 || path.indexOf('}') >= 0
                ? null
                : new Delivery(
                        target.destination(),
                        PathTemplate.parse(path),
                        // Versions of one key keep their order only if all of them follow one policy.
                        onConflict == null ? ConflictPolicy.REFUSE : onConflict,
                        Proof.SIZE,
                        false);
    }
}
