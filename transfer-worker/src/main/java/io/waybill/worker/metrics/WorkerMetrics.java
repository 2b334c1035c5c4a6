package io.waybill.worker.metrics;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What a worker counts. This sum must hold: items started = delivered + failed + deferred + dropped + in flight. Alert when
 * a destination is unreachable for long, when the number in flight does not change while no bytes are sent, when dropped
 * grows without a rebalance, and when commits take longer than a second. Any thread.
 */
public interface WorkerMetrics {
    /** Counts nothing. */
    WorkerMetrics NONE = new WorkerMetrics() {};

    /** Bytes were handed to a connection. */
    default void sent(int bytes) {}

    /** An item's attempt began; it is in flight until it ends in one of the ways below. */
    default void started(DestinationName destination) {}

    default void delivered(DestinationName destination) {}

    /** Bytes of a file that was delivered. */
    default void delivered(DestinationName destination, long bytes) {}

    /** The worker reads its work through this consumer from now on. */
    default void reads(Consumer<?, ?> consumer) {}

    default void failed(DestinationName destination, FailureKind kind) {}

    /** The worker defers the item, because it cannot connect to the destination or read the bucket. */
    default void deferred(DestinationName destination) {}

    /** Whether the last try to connect succeeded. */
    default void reachable(DestinationName destination, boolean up) {}

    /** Whether the last try to read objects of a bucket succeeded, whatever is wrong with single objects. */
    default void sourceReachable(String bucket, boolean up) {}

    /** How many partitions are on hold. Alert at one. */
    default void held(int partitions) {}

    /** The item belongs to another worker now, or its outcome is not known yet. */
    default void dropped(DestinationName destination) {}

    /**
     * The worker did not carry out an item, or stopped it, because it is no longer wanted. Counted in addition to how the
     * item ended.
     */
    default void unwanted(DestinationName destination, Unwanted reason) {}

    /** A transaction was committed. */
    default void committed(Duration taken, int records) {}

    /** How many connections are open. */
    default void connections(int open) {}

    /** How many connections to a destination are open; fewer than the maximum, if the destination refuses more. */
    default void connections(DestinationName destination, int open) {}

    /** Entries about what the worker does now, that Kafka did not take. */
    default void statusLost(int entries) {}

    /** A destination refused a further connection while others are open. */
    default void refused(DestinationName destination) {}
}
