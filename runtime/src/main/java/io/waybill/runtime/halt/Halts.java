package io.waybill.runtime.halt;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.schedule.Schedule;
import io.waybill.domain.schedule.Span;
import io.waybill.domain.schedule.Timeline;
import io.waybill.runtime.config.WaybillConfig;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * All pauses that this process has read from {@code controls}, with the windows and blackouts of its configuration. Any
 * thread.
 */
public final class Halts {
    private final Map<DestinationName, Schedule> schedules;
    private final Map<RouteName, DestinationName> deliveries;
    private final Map<Subject, Suspension> suspensions = new ConcurrentHashMap<>();

    /**
     * @param schedules of the destinations that have one
     */
    public Halts(Map<DestinationName, Schedule> schedules) {
        this(schedules, Map.of());
    }

    /**
     * @param schedules  of the destinations that have one
     * @param deliveries where the files of routes go
     */
    public Halts(Map<DestinationName, Schedule> schedules, Map<RouteName, DestinationName> deliveries) {
        this.schedules = Map.copyOf(schedules);
        this.deliveries = Map.copyOf(deliveries);
    }

    /** With the schedules of a configuration. */
    public static Halts of(WaybillConfig config) {
        var schedules = new LinkedHashMap<DestinationName, Schedule>();
        config.destinations().forEach((name, destination) -> {
            if (!destination.schedule().equals(Schedule.ALWAYS)) {
                schedules.put(name, destination.schedule());
            }
        });
        var deliveries = new LinkedHashMap<RouteName, DestinationName>();
        config.routes().forEach((name, route) -> {
            if (route.delivery() != null) {
                deliveries.put(name, route.delivery().destination());
            }
        });
        return new Halts(schedules, deliveries);
    }

    /** Takes the newest record about its subject. */
    public void heard(Suspension suspension) {
        suspensions.put(suspension.subject(), suspension);
    }

    /** The newest record about a subject. */
    public Suspension of(Subject subject) {
        Suspension known = suspensions.get(subject);
        return known == null ? Suspension.none(subject) : known;
    }

    /** All subjects that were ever paused. */
    public List<Suspension> suspensions() {
        return List.copyOf(suspensions.values());
    }

    private Suspension of(DestinationName destination) {
        return of(new Subject.Destination(destination));
    }

    private Suspension of(RouteName route) {
        return of(new Subject.OfRoute(route));
    }

    private Schedule schedule(DestinationName destination) {
        return schedules.getOrDefault(destination, Schedule.ALWAYS);
    }

    /** When files of a route may not start for a destination, as far as is known now. */
    public Timeline timeline(RouteName route, DestinationName destination) {
        return Timeline.anyOf(List.of(of(destination), of(route), schedule(destination)));
    }

    /** Why a file of a route may not start for a destination. */
    public Optional<Halt> of(RouteName route, DestinationName destination, Instant now) {
        return Stream.of(paused(of(destination), now), paused(of(route), now), scheduled(destination, now))
                .flatMap(Optional::stream)
                .findFirst()
                .map(halt -> new Halt(
                        halt.kind(),
                        halt.what(),
                        halt.since(),
                        timeline(route, destination).haltedUntil(now),
                        halt.by(),
                        halt.reason()));
    }

    /** Why no file for a destination may start, whatever its route. */
    public Optional<Halt> of(DestinationName destination, Instant now) {
        return Stream.of(paused(of(destination), now), scheduled(destination, now))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Why an open file that nobody has taken up for its delivery may not start. */
    public Optional<Halt> of(FileState file, Instant now) {
        boolean waits = file.phase() instanceof Phase.Queued || file.phase() instanceof Phase.Waiting;
        return waits && file.phase().stage() == Stage.DELIVERY && file.target() != null
                ? of(file.route(), file.target().destination(), now)
                : Optional.empty();
    }

    /** Whether an open file that nobody has taken up for its delivery may not start. */
    public boolean halted(FileState file, Instant at) {
        boolean waits = file.phase() instanceof Phase.Queued || file.phase() instanceof Phase.Waiting;
        return waits && file.phase().stage() == Stage.DELIVERY && file.target() != null
                && timeline(file.route(), file.target().destination()).halted(at);
    }

    private Timeline timeline(Subject subject) {
        return switch (subject) {
            case Subject.Destination(var name) -> Timeline.anyOf(List.of(of(name), schedule(name)));
            case Subject.OfRoute(var name) -> timeline(name);
        };
    }

    /** When files of a route may not start, if it is configured and delivers. */
    public Timeline timeline(RouteName route) {
        DestinationName destination = deliveries.get(route);
        return destination == null ? of(route) : timeline(route, destination);
    }

    /** Everything that was ever paused or has a schedule, and whether it is halted now. */
    public Map<Subject, Boolean> subjects(Instant now) {
        var halted = new LinkedHashMap<Subject, Boolean>();
        suspensions.forEach((subject, suspension) -> halted.put(subject, suspension.halted(now)));
        schedules.forEach((name, schedule) -> halted.merge(
                new Subject.Destination(name), schedule.halted(now), Boolean::logicalOr));
        return halted;
    }

    /** Where the files go that a pause of the subject keeps; empty for a route that is not configured. */
    public Optional<DestinationName> destination(Subject subject) {
        return switch (subject) {
            case Subject.Destination(var name) -> Optional.of(name);
            case Subject.OfRoute(var name) -> Optional.ofNullable(deliveries.get(name));
        };
    }

    /** The configured routes whose files go to a destination. */
    public List<RouteName> routesTo(DestinationName destination) {
        return deliveries.entrySet().stream()
                .filter(delivery -> delivery.getValue().equals(destination))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Optional<Halt> paused(Suspension suspension, Instant now) {
        return suspension.present(now).map(pause -> new Halt(
                Halt.Kind.PAUSED,
                suspension.subject(),
                Optional.of(pause.from()),
                end(pause),
                suspension.by(),
                suspension.reason()));
    }

    private static Optional<Instant> end(Span pause) {
        return Optional.ofNullable(pause.to());
    }

    /** The schedule of a destination, if it halts files now. */
    private Optional<Halt> scheduled(DestinationName destination, Instant now) {
        Schedule schedule = schedule(destination);
        if (!schedule.halted(now)) {
            return Optional.empty();
        }
        return Optional.of(schedule.blackout(now)
                .map(days -> halted(Halt.Kind.BLACKOUT, destination, days.name()))
                .orElseGet(() -> halted(Halt.Kind.CLOSED, destination, schedule.hours())));
    }

    private static Halt halted(Halt.Kind kind, DestinationName destination, String reason) {
        return new Halt(kind, new Subject.Destination(destination), Optional.empty(), Optional.empty(), "", reason);
    }

    /**
     * Everything that is halted now, whatever its files: paused destinations and routes, closed destinations.
     *
     * @return in no order
     */
    public List<Halt> now(Instant now) {
        return Stream.concat(
                suspensions.values().stream().flatMap(suspension -> paused(suspension, now).stream()),
                schedules.keySet().stream().flatMap(name -> scheduled(name, now).stream()))
                .map(halt -> new Halt(
                        halt.kind(),
                        halt.what(),
                        halt.since(),
                        timeline(halt.what()).haltedUntil(now),
                        halt.by(),
                        halt.reason()))
                .toList();
    }
}
