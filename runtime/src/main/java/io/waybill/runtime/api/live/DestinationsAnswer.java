package io.waybill.runtime.api.live;

import java.util.List;

/**
 * All destinations that the caller sees.
 *
 * @param workers      how many workers live
 * @param destinations by their names
 */
public record DestinationsAnswer(int workers, List<DestinationAnswer> destinations) {
    public DestinationsAnswer {
        destinations = List.copyOf(destinations);
    }
}
