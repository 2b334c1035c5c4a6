package io.waybill.state.live;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.waybill.runtime.access.Permission;
import io.waybill.runtime.api.live.ScalingAnswer;
import io.waybill.runtime.http.HttpRoutes;
import io.waybill.state.http.Cluster;
import io.waybill.state.http.PeerClient;
import io.waybill.state.http.VisibleFiles;
import io.waybill.state.index.LaneWork;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Says how many workers there is work for, over all instances. The numbers come from counts that are kept anyway, so that it
 * may be asked every second.
 */
public final class ScalingRoute implements HttpRoutes {
    private static final String PATH = "/v1/scaling";

    private final VisibleFiles files;
    private final Cluster cluster;
    private final PeerClient peers;
    private final WantedLanes wanted;

    public ScalingRoute(VisibleFiles files, Cluster cluster, PeerClient peers, WantedLanes wanted) {
        this.files = files;
        this.cluster = cluster;
        this.peers = peers;
        this.wanted = wanted;
    }

    @Override
    public void addTo(RoutesConfig routes) {
        routes.get(PATH, this::show, Permission.READ);
    }

    @Override
    public List<String> entries() {
        return List.of(PATH);
    }

    private void show(Context http) {
        boolean passedOn = PeerClient.passedOn(http);
        List<URI> others = passedOn ? List.of() : cluster.others();
        var asked = peers.asked(http, PATH, others, ScalingAnswer.class);
        ScalingAnswer own = own(files.of(http).lanes());
        http.json(passedOn ? own : sum(own, asked.answers()));
    }

    private ScalingAnswer own(Map<LaneWork, Long> work) {
        List<String> lanes = List.copyOf(wanted.of(work));
        return new ScalingAnswer(
                work.values().stream().mapToLong(Long::longValue).sum(),
                work.entrySet().stream()
                        .filter(count -> count.getKey().step() == LaneWork.Step.SENDING)
                        .mapToLong(Map.Entry::getValue)
                        .sum(),
                lanes.size(),
                wanted.workers().count(),
                lanes);
    }

    /** The files of one lane may lie in the partitions of several instances. So lanes are not summed up but united. */
    private static ScalingAnswer sum(ScalingAnswer own, List<ScalingAnswer> others) {
        var lanes = new TreeSet<String>(own.lanesIfGiven());
        others.forEach(other -> lanes.addAll(other.lanesIfGiven()));
        return new ScalingAnswer(
                own.open() + others.stream().mapToLong(ScalingAnswer::open).sum(),
                own.sending() + others.stream().mapToLong(ScalingAnswer::sending).sum(),
                lanes.size(),
                own.workers(),
                null);
    }
}
