package io.waybill.worker.partition;

import java.time.Duration;
import java.util.Optional;

/** Whether an attempt still belongs to this worker. Any thread. */
@FunctionalInterface
public interface OwnershipGuard {
    /** For an attempt that no other worker can take over. */
    OwnershipGuard UNLIMITED = () -> true;

    /** False as soon as the partition of the work has, or may have, another owner. It never becomes true again. */
    boolean stands();

    /** How long the attempt may still take, because the worker is stopping; empty while it is not. */
    default Optional<Duration> limit() {
        return Optional.empty();
    }

    /** Ends the attempt if it no longer belongs to this worker. */
    default void check() throws OwnershipLostException {
        if (!stands()) {
            throw new OwnershipLostException();
        }
    }
}
