package io.waybill.state.live;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.access.Scope;
import io.waybill.runtime.api.live.DestinationAnswer;
import io.waybill.runtime.api.live.DestinationAnswer.FilesAnswer;
import io.waybill.runtime.api.live.DestinationsAnswer;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.http.Gate;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.status.LiveWorkers;
import io.waybill.state.http.ApiException;
import io.waybill.state.http.Cluster;
import io.waybill.state.http.Parameters;
import io.waybill.state.http.PeerClient;
import io.waybill.state.http.VisibleFiles;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows destinations. Every instance answers from its own configuration and from what all workers say. It asks the other
 * instances for their counts only.
 */
public final class DestinationRoutes implements HttpRoutes {
    private static final String ALL = "/v1/destinations";

    private final Map<DestinationName, DestinationConfig> destinations;
    private final VisibleFiles files;
    private final Cluster cluster;
    private final PeerClient peers;
    private final LiveWorkers workers;

    public DestinationRoutes(
            WaybillConfig config, VisibleFiles files, Cluster cluster, PeerClient peers, LiveWorkers workers) {
        this.destinations = Map.copyOf(config.destinations());
        this.files = files;
        this.cluster = cluster;
        this.peers = peers;
        this.workers = workers;
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.get(ALL, this::list, Permission.READ);
        routes.get(ALL + "/{name}", this::show, Permission.READ);
    }

    @Override
    public List<String> entries() {
        return List.of(ALL);
    }

    private List<URI> others(Context http) {
        return PeerClient.passedOn(http) ? List.of() : cluster.others();
    }

    private void list(Context http) {
        Scope scope = Gate.principal(http).scope();
        var asked = peers.asked(http, ALL, others(http), DestinationsAnswer.class);
        var own = new FileSums(files.of(http).counts());
        Map<String, FilesAnswer> theirs = new HashMap<>();
        List<DestinationAnswer> seen = destinations.values().stream()
                .filter(destination -> !routes(destination.name(), scope).isEmpty())
                .map(destination -> answer(http, destination, own))
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
        asked.answers().forEach(answer -> answer.destinations()
                .forEach(one -> theirs.merge(one.name(), one.files(), FilesAnswer::plus)));
        http.json(new DestinationsAnswer(workers.count(), seen.stream().map(one -> sum(one, theirs)).toList()));
    }

    private static DestinationAnswer sum(DestinationAnswer own, Map<String, FilesAnswer> others) {
        FilesAnswer more = others.get(own.name());
        return more == null ? own : own.with(own.files().plus(more));
    }

    private void show(Context http) {
        DestinationName name = Parameters.parsed("name", http.pathParam("name"), DestinationName::new);
        DestinationConfig destination = destinations.get(name);
        if (destination == null || routes(name, Gate.principal(http).scope()).isEmpty()) {
            throw ApiException.unknownDestination(name.value());
        }
        var asked = peers.asked(http, ALL + "/" + name, others(http), DestinationAnswer.class);
        DestinationAnswer own = answer(http, destination, new FileSums(files.of(http).counts()));
        http.json(own.with(asked.answers().stream()
                .map(DestinationAnswer::files)
                .reduce(own.files(), FilesAnswer::plus)));
    }

    /** The routes to a destination that a scope allows; without any the destination is not shown. */
    private List<RouteName> routes(DestinationName name, Scope scope) {
        return files.routesTo(name).stream().filter(route -> scope.allows(route, name)).sorted().toList();
    }

    private DestinationAnswer answer(Context http, DestinationConfig destination, FileSums sums) {
        Scope scope = Gate.principal(http).scope();
        DestinationName name = destination.name();
        List<RouteName> routes = routes(name, scope);
        boolean everything = scope.all() || routes.size() == files.routesTo(name).size();
        return new DestinationAnswer(
                name.value(),
                destination.host(),
                destination.port(),
                destination.user(),
                destination.root(),
                destination.lanes(),
                destination.concurrencyPerLane(),
                destination.hostKeys(),
                routes.stream().map(RouteName::value).toList(),
                sums.of(name),
                files.haltsOf(http, name),
                workers.of(name).stream()
                        .map(status -> LiveAnswers.worker(status, route -> scope.allows(route, name), everything))
                        .toList());
    }
}
