package io.waybill.worker.partition;

/** Whether an attempt still belongs to this worker. Any thread. */
@FunctionalInterface
public interface OwnershipGuard {
    /** For an attempt that no other worker can take over. */
    OwnershipGuard UNLIMITED = () -> true;

    /** False as soon as the partition of the work has, or may have, another owner. It never becomes true again. */
    boolean stands();

    /** Ends the attempt if it no longer belongs to this worker. */
    default void check() throws OwnershipLostException {
        if (!stands()) {
            throw new OwnershipLostException();
        }
    }
}
