package io.waybill.worker.metrics;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import java.time.Duration;

/**
 * What a worker counts. The sum that must hold: items started = delivered + failed + deferred + dropped +
 * in flight. Alert when a destination is unreachable for long, when in flight stands still while bytes do not move, when dropped grows
 * without a rebalance, and when commits take longer than a second. Any thread.
 */
public interface WorkerMetrics {
    /** Counts nothing. */
    WorkerMetrics NONE = new WorkerMetrics() {};

    /** Bytes were handed to a connection. */
    default void sent(int bytes) {}

    /** An item's attempt began; it is in flight until it ends in one of the ways below. */
    default void started(DestinationName destination) {}

    default void delivered(DestinationName destination) {}

    default void failed(DestinationName destination, FailureKind kind) {}

    /** The item is put off, because its destination is not to be had. */
    default void deferred(DestinationName destination) {}

    /** Whether the last connection that was tried could be made. */
    default void reachable(DestinationName destination, boolean up) {}

    /** How many partitions are on hold. Alert at one. */
    default void held(int partitions) {}

    /** The item belongs to another worker now, or its outcome is to be found out. */
    default void dropped(DestinationName destination) {}

    /** An item was not carried out, or stopped, because it is not wanted; counted beside how it ended. */
    default void unwanted(DestinationName destination, Unwanted reason) {}

    /** A transaction was committed. */
    default void committed(Duration taken, int records) {}

    /** How many connections are open. */
    default void connections(int open) {}

    /** How many connections to a destination are open; fewer than it may have, if it refuses more. */
    default void connections(DestinationName destination, int open) {}

    /** A destination refused a connection beside those that are open. */
    default void refused(DestinationName destination) {}
}
