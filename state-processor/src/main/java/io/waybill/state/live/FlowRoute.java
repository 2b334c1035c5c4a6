package io.waybill.state.live;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.waybill.domain.DestinationName;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.api.live.FlowAnswer;
import io.waybill.runtime.api.live.FlowAnswer.Counts;
import io.waybill.runtime.api.live.FlowAnswer.Minute;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.runtime.http.QueryParameters;
import io.waybill.state.http.Cluster;
import io.waybill.state.http.Parameters;
import io.waybill.state.http.PeerClient;
import io.waybill.state.http.VisibleFiles;
import io.waybill.state.index.FlowCounts;
import io.waybill.state.index.TaskFlow;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Shows what happened in the last minutes, over all instances. */
public final class FlowRoute implements HttpRoutes {
    private static final String PATH = "/v1/flow";
    private static final String MINUTES = "minutes";
    private static final int USUAL = 60;

    private final VisibleFiles files;
    private final Cluster cluster;
    private final PeerClient peers;
    private final InstantSource clock;

    public FlowRoute(VisibleFiles files, Cluster cluster, PeerClient peers, InstantSource clock) {
        this.files = files;
        this.cluster = cluster;
        this.peers = peers;
        this.clock = clock;
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.get(PATH, this::show, Permission.READ, QueryParameters.of(MINUTES));
    }

    @Override
    public List<String> entries() {
        return List.of(PATH);
    }

    private void show(Context http) {
        int minutes = Parameters.optional(http, MINUTES, FlowRoute::minutes).orElse(USUAL);
        List<URI> others = PeerClient.passedOn(http) ? List.of() : cluster.others();
        // Another instance may be in the next minute already.
        var asked = peers.asked(
                http, PATH + "?" + MINUTES + "=" + Math.min(minutes + 1, TaskFlow.MOST_MINUTES), others,
                FlowAnswer.class);
        long last = TaskFlow.minute(clock.instant());
        long first = last - minutes + 1;
        Map<Long, Minute> found = new HashMap<>();
        files.of(http).flow(first).forEach((minute, counts) -> found.put(minute, minute(minute, counts)));
        asked.answers().forEach(answer -> answer.minutes().forEach(
                minute -> found.merge(TaskFlow.minute(Instant.parse(minute.at())), minute, FlowRoute::sum)));
        http.json(new FlowAnswer(LongStream.rangeClosed(first, last)
                .mapToObj(minute -> found.getOrDefault(minute, minute(minute, Map.of())))
                .toList()));
    }

    private static int minutes(String text) {
        String expected = "expected a number from 1 to " + TaskFlow.MOST_MINUTES + ", was '" + text + "'";
        try {
            int minutes = Integer.parseInt(text);
            if (minutes < 1 || minutes > TaskFlow.MOST_MINUTES) {
                throw new IllegalArgumentException(expected);
            }
            return minutes;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    private static Minute minute(long minute, Map<FlowCounts.Group, FlowCounts> counts) {
        var byDestination = new HashMap<String, Counts>();
        Counts total = Counts.NONE;
        for (Map.Entry<FlowCounts.Group, FlowCounts> count : counts.entrySet()) {
            Counts some = answer(count.getValue());
            total = total.plus(some);
            DestinationName destination = count.getKey().destination();
            if (destination != null) {
                byDestination.merge(destination.value(), some, Counts::plus);
            }
        }
        return new Minute(Instant.ofEpochSecond(minute * 60).toString(), total, byDestination);
    }

    private static Counts answer(FlowCounts counts) {
        return new Counts(counts.arrived(), counts.completed(), counts.failed(), counts.bytes());
    }

    private static Minute sum(Minute one, Minute other) {
        var byDestination = new HashMap<>(one.byDestination());
        other.byDestination().forEach((name, counts) -> byDestination.merge(name, counts, Counts::plus));
        return new Minute(one.at(), one.total().plus(other.total()), byDestination);
    }
}
