package io.waybill.worker.connections;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known about the connections of this worker to a destination.
 *
 * @param open     how many are open
 * @param outage   why the last try to connect failed; empty if it did not
 * @param triedAt  when that try ended
 * @param hostKey  the fingerprint that the server showed last
 * @param promised the class of what an open connection has shown so far; empty if none is open
 */
public record ConnectionState(
        DestinationName destination,
        int open,
        Optional<Outage> outage,
        Optional<Instant> triedAt,
        Optional<String> hostKey,
        Optional<DestinationClass> promised) {
    /**
     * Why the worker does not connect.
     *
     * @param crowded whether the destination keeps the open connections, and only takes no more
     */
    public record Outage(Instant since, Failure failure, Instant nextTry, boolean crowded) {}
}
