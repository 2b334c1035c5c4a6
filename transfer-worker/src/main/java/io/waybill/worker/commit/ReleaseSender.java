package io.waybill.worker.commit;

import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.topic.Topics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says in the worker's transactions that files need not wait any longer for a place. Each place is said once, in the
 * transaction of any partition, and again if that transaction is not known to be committed. Any thread.
 */
public final class ReleaseSender {
    private final Topics topics;
    private final String worker;
    private final InstantSource time;
    private final Map<Place, Release.Cause> due = new ConcurrentHashMap<>();

    /**
     * @param worker this worker's name
     */
    public ReleaseSender(Topics topics, String worker, InstantSource time) {
        this.topics = topics;
        this.worker = worker;
        this.time = time;
    }

    /** An outage of a place is over. Does not wait. */
    public void reached(Place place) {
        due(place, Release.Cause.CONNECTED);
    }

    /**
     * The worker has taken a partition over. Files may wait for what was corrected before it started, or for a place that
     * the worker before did not know.
     */
    public void tookOver(WaybillConfig config) {
        config.destinations().keySet().forEach(name -> due(new Place.Destination(name), Release.Cause.STARTED));
        config.routes().values().forEach(
                route -> due(new Place.Bucket(route.source().bucket()), Release.Cause.STARTED));
    }

    /** The files that wait for a place may be tried. Does not wait. */
    public void due(Place place, Release.Cause cause) {
        due.merge(place, cause, (one, other) -> one == Release.Cause.CONNECTED ? one : other);
    }

    /**
     * Posts what is due, if the worker has a partition.
     *
     * @param entries takes the entries to commit
     */
    public void handOut(Collection<PartitionProgress> owned, Consumer<CommitEntry> entries) {
        if (due.isEmpty()) {
            return;
        }
        Optional<PartitionProgress> any = owned.stream().filter(PartitionProgress::stands).findFirst();
        any.ifPresent(progress -> due.keySet().forEach(place -> {
            Release.Cause cause = due.remove(place);
            if (cause != null) {
                entries.accept(entry(progress, place, cause));
            }
        }));
    }

    private CommitEntry entry(PartitionProgress progress, Place place, Release.Cause cause) {
        var release = new Release(place, time.instant(), cause, worker);
        CommitEntry entry = CommitEntry.underWay(progress, topics.controls().record(release.key(), release));
        var _ = entry.committed().thenAccept(done -> {
            if (!done) {
                due(place, cause);
            }
        });
        return entry;
    }
}
