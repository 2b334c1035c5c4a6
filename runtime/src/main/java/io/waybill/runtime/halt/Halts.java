package io.waybill.runtime.halt;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.Target;
import io.waybill.domain.schedule.Schedule;
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
        Timeline all = timeline(route, destination);
        return paused(of(destination), all, now)
                .or(() -> paused(of(route), all, now))
                .or(() -> scheduled(destination, all, now));
    }

    /** Why no file for a destination may start, whatever its route. */
    public Optional<Halt> of(DestinationName destination, Instant now) {
        Timeline all = timeline(new Subject.Destination(destination));
        return paused(of(destination), all, now).or(() -> scheduled(destination, all, now));
    }

    /** Whether a file of a route may not start for a destination. */
    public boolean halted(RouteName route, DestinationName destination, Instant now) {
        return of(destination).present(now).isPresent()
                || of(route).present(now).isPresent()
                || schedule(destination).halted(now);
    }

    /** Why an open file that nobody has taken up for its delivery may not start. */
    public Optional<Halt> of(FileState file, Instant now) {
        return awaited(file).flatMap(target -> of(file.route(), target.destination(), now));
    }

    /** Whether an open file that nobody has taken up for its delivery may not start. */
    public boolean halted(FileState file, Instant now) {
        return awaited(file).filter(target -> halted(file.route(), target.destination(), now)).isPresent();
    }

    /** The target to which a file waits to be delivered. */
    private static Optional<Target> awaited(FileState file) {
        boolean waits = file.phase() instanceof Phase.Queued || file.phase() instanceof Phase.Waiting;
        return waits && file.phase().stage() == Stage.DELIVERY ? Optional.ofNullable(file.target()) : Optional.empty();
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
        suspensions.forEach((subject, suspension) -> halted.put(subject, suspension.present(now).isPresent()));
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

    private static Optional<Halt> paused(Suspension suspension, Timeline all, Instant now) {
        return suspension.present(now).map(pause -> new Halt(
                Halt.Kind.PAUSED,
                suspension.subject(),
                Optional.of(pause.from()),
                all.haltedUntil(suspension.moment(now)),
                suspension.by(),
                suspension.reason()));
    }

    /** The schedule of a destination, if it halts files now. */
    private Optional<Halt> scheduled(DestinationName destination, Timeline all, Instant now) {
        Schedule schedule = schedule(destination);
        if (!schedule.halted(now)) {
            return Optional.empty();
        }
        Optional<Instant> until = all.haltedUntil(now);
        var what = new Subject.Destination(destination);
        return Optional.of(schedule.blackout(now)
                .map(days -> new Halt(Halt.Kind.BLACKOUT, what, Optional.empty(), until, "", days.name()))
                .orElseGet(() -> new Halt(Halt.Kind.CLOSED, what, Optional.empty(), until, "", schedule.hours())));
    }

    /**
     * Everything that is halted now, whatever its files: paused destinations and routes, closed destinations.
     *
     * @return in no order
     */
    public List<Halt> now(Instant now) {
        return Stream.concat(
                suspensions.values().stream()
                        .flatMap(each -> paused(each, timeline(each.subject()), now).stream()),
                schedules.keySet().stream()
                        .flatMap(name -> scheduled(name, timeline(new Subject.Destination(name)), now).stream()))
                .toList();
    }
}
