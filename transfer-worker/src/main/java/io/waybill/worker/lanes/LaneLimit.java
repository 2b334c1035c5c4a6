package io.waybill.worker.lanes;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.runtime.config.DestinationConfig;
import java.util.Map;
import java.util.function.ToIntFunction;

/** How many items of a lane may run at one time, according to the configuration of the destination. Any thread. */
public final class LaneLimit implements ToIntFunction<Lane> {
    private final Map<DestinationName, DestinationConfig> destinations;

    public LaneLimit(Map<DestinationName, DestinationConfig> destinations) {
        this.destinations = Map.copyOf(destinations);
    }

    /** 1 or more; 1 for a destination that is not in the configuration. */
    @Override
    public int applyAsInt(Lane lane) {
        DestinationConfig destination = destinations.get(lane.destination());
        return destination == null ? 1 : destination.concurrencyPerLane();
    }
}
