package io.waybill.state.live;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.status.LiveWorkers;
import io.waybill.state.index.LaneWork;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Says which lanes want a worker: those with something that may be in a worker's ledger, and those with work that is due and
 * that a worker could begin now. Safe for several threads.
 */
public record WantedLanes(Halts halts, LiveWorkers workers, InstantSource clock) {
    /** The keys of the lanes. */
    public Set<String> of(Map<LaneWork, Long> work) {
        Instant now = clock.instant();
        return work.keySet().stream()
                .filter(one -> switch (one.step()) {
                    case SENDING -> true;
                    case HANDED_OUT -> mayBegin(one, now);
                    case WAITING -> false;
                })
                .map(LaneWork::lane)
                .map(Lane::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean mayBegin(LaneWork work, Instant now) {
        DestinationName destination = work.lane().destination();
        return !halts.halted(work.route(), destination, now) && isUp(destination);
    }

    /** A destination is down if every worker says so that says anything about it. Without workers somebody must try. */
    private boolean isUp(DestinationName destination) {
        List<WorkerStatus> said = workers.of(destination);
        return said.isEmpty() || said.stream()
                .map(WorkerStatus::destination)
                .filter(Objects::nonNull)
                .map(DestinationStatus::breaker)
                .anyMatch(breaker -> breaker != BreakerState.OPEN);
    }
}
