package io.waybill.lives;

import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.domain.NameFolding;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import io.waybill.domain.schedule.Schedule;
import io.waybill.monitor.MonitorSettings;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The destinations and the routes as they are configured now, here and there. */
final class Setting {
    /** What the keys of the second route begin with. */
    static final String SECOND = "second/";
    static final RouteName SECOND_ROUTE = new RouteName("second");
    static final DestinationName BETA = new DestinationName("beta");
    private static final int NO_WORKER = -2;
    private static final DestinationName ACME = new DestinationName("acme");

    private final Plan.Settings settings;
    private final NameFolding folding;
    private RouteName route = new RouteName("outbound");
    private DestinationName acme = ACME;
    private int differs = -1;
    private Duration longer = Duration.ZERO;
    private int lanes;
    private String host = "sftp.acme.example";
    private boolean routeRemoved;
    private final Set<Integer> without = new HashSet<>();

    Setting(Plan.Settings settings, Mischief mischief) {
        this.folding = mischief.does(Mutation.FOLDING_NOT_TOLD) ? NameFolding.NONE : settings.profile().folding();
        this.settings = settings;
        this.lanes = settings.lanes();
    }

    private static Staging staging(Staging.Kind kind) {
        return new Staging(kind, switch (kind) {
            case DIRECTORY -> ".waybill";
            case PREFIX -> ".tmp-";
            case SUFFIX -> ".part";
        });
    }

    /** A worker stages otherwise than the others; -1: none does. */
    void differs(int worker) {
        differs = worker;
    }

    NameFolding folding() {
        return folding;
    }

    void renameRoute() {
        route = new RouteName("outbound-2");
    }

    void renameDestination() {
        acme = new DestinationName("acme-2");
    }

    /** Files may take longer by so much, as the monitor has it configured. */
    void allowMore(Duration time) {
        longer = time;
    }

    /** The route that takes a key. */
    RouteName routeOf(String key) {
        return key.startsWith(SECOND) ? SECOND_ROUTE : route;
    }

    /** The destination whose files have such names. */
    DestinationName destinationOf(String path) {
        return path.startsWith("/out/") ? BETA : acme;
    }

    /** The route whose files go to a destination. */
    RouteName routeTo(DestinationName destination) {
        return destination.equals(BETA) ? SECOND_ROUTE : route;
    }

    /** Where files of a key appear. */
    static String pathOf(String key) {
        return (key.startsWith(SECOND) ? "/out/" : "/in/") + key.substring(key.lastIndexOf('/') + 1);
    }

    /** Which partition has the work of a lane. */
    int partitionOf(Lane lane) {
        int first = lane.destination().equals(ACME) ? 0 : 1;
        return settings.partitions() < 2 ? 0 : (first + lane.number()) % 2;
    }

    /** How long files of a route may wait; null where it is not configured. */
    Timeouts timeouts(RouteName name) {
        return name.equals(route) || name.equals(SECOND_ROUTE) ? timeouts() : null;
    }

    private Timeouts timeouts() {
        Duration heartbeat =
                settings.importer() == Plan.Importer.TELLS_TWICE ? Duration.ofMinutes(30) : null;
        return new Timeouts(
                Duration.ofMillis(settings.unclaimed()).plus(longer), Duration.ofMillis(settings.unfinished()),
                heartbeat);
    }

    /** Whether a worker does not know the first destination. */
    void without(int worker, boolean is) {
        if (is) {
            without.add(worker);
        } else {
            without.remove(worker);
        }
    }

    void removeRoute(boolean is) {
        routeRemoved = is;
    }

    /** Whether the state has the route. */
    boolean knows(RouteName name) {
        return name.equals(SECOND_ROUTE) || name.equals(route) && !routeRemoved;
    }

    void moreLanes() {
        lanes++;
    }

    void renameHost() {
        host = "new." + host;
    }

    private Route route(RouteName name, DestinationName to, String path) {
        return new Route(
                name,
                new SourceFilter(Store.BUCKET, "", ""),
                new Delivery(to, PathTemplate.parse(path), settings.policy(), settings.verify(), true),
                new RetryPolicy(settings.attempts(), Duration.ofSeconds(1), Duration.ofMinutes(10)),
                timeouts(),
                settings.importer() != Plan.Importer.NONE,
                Route.DEFAULT_RETENTION);
    }

    /** As the state and the monitor have it. */
    WaybillConfig config() {
        return configOf(NO_WORKER);
    }

    /** As a worker has it. */
    WaybillConfig configOf(int worker) {
        Route second = route(SECOND_ROUTE, BETA, "/out/{name}");
        Route first = route(route, acme, "/in/{name}");
        return new WaybillConfig(
                Map.of(),
                Map.of(),
                new TopicSettings("", 1, 1, (short) 1),
                null,
                destinationsOf(worker),
                routeRemoved ? Map.of(SECOND_ROUTE, second) : Map.of(route, first, SECOND_ROUTE, second),
                null,
                null,
                Map.of(MonitorSettings.SECTION, new MonitorSettings(Duration.ofSeconds(1))));
    }

    private Map<DestinationName, DestinationConfig> destinationsOf(int worker) {
        boolean other = worker == differs;
        DestinationConfig beta = destination(BETA, other);
        return without.contains(worker) ? Map.of(BETA, beta) : Map.of(acme, destination(acme, other), BETA, beta);
    }

    private DestinationConfig destination(DestinationName name, boolean other) {
        Staging.Kind otherKind =
                settings.staging() == Staging.Kind.DIRECTORY ? Staging.Kind.PREFIX : Staging.Kind.DIRECTORY;
        return new DestinationConfig(
                name,
                name.equals(BETA) ? "sftp.beta.example" : host,
                22,
                "waybill",
                Optional.empty(),
                Optional.empty(),
                List.of("SHA256:key"),
                "/",
                lanes,
                other && !settings.fifo() ? settings.inFlight() + 2 : settings.inFlight(),
                settings.fifo(),
                staging(other ? otherKind : settings.staging()),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                StandardCharsets.UTF_8,
                settings.unknown(),
                Duration.ofMillis(settings.evidence()),
                DestinationConfig.Flow.DEFAULT,
                folding,
                DestinationConfig.Security.DEFAULT,
                Schedule.ALWAYS);
    }
}
