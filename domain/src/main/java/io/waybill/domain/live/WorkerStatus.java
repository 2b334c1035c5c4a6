package io.waybill.domain.live;

import io.waybill.domain.DestinationName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign of life of a worker, or what it knows about one destination. The newest record of a key replaces the others.
 *
 * @param worker      its name among its peers
 * @param started     when this process of the worker began; an entry of an earlier one is of the past
 * @param at          when the worker wrote it
 * @param destination null for a sign of life
 */
public record WorkerStatus(
        String worker, Instant started, Instant at, @Nullable DestinationStatus destination) {
    /** How often a worker gives a sign of life. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(10);
    /** How often a worker may write an entry. */
    public static final Duration SHORTEST_PERIOD = Duration.ofSeconds(2);

    /** A worker without a sign of life for so long counts as dead: three are missing, and the last may be under way. */
    public static final Duration SILENCE = HEARTBEAT.multipliedBy(3).plus(Duration.ofSeconds(5));

    /** The key of the record. No name of a destination has a '#'. */
    public String key() {
        return destination == null ? heartbeatKey(worker) : key(worker, destination.name());
    }

    /** The key of a worker's signs of life. */
    public static String heartbeatKey(String worker) {
        return "#" + worker;
    }

    /** The key of an entry. */
    public static String key(String worker, DestinationName destination) {
        return destination + "#" + worker;
    }
}
