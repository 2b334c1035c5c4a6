package io.waybill.runtime.api.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many workers there is work for.
 *
 * @param open        files that are neither delivered nor ended
 * @param sending     those of them that a worker has connected for
 * @param lanesWanted lanes with a file that is being sent, or with one that a worker could begin to send now
 * @param workers     that give signs of life
 * @param lanes       the wanted ones; only between instances
 */
public record ScalingAnswer(
        long open,
        long sending,
        int lanesWanted,
        int workers,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> lanes) {
    /** The wanted lanes; none if they are not given. */
    public List<String> lanesIfGiven() {
        return lanes == null ? List.of() : lanes;
    }
}
