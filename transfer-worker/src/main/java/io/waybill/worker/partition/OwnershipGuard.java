package io.waybill.worker.partition;

/** Whether an attempt is still this worker's to make. Any thread. */
@FunctionalInterface
public interface OwnershipGuard {
    /** Of an attempt that nobody can take away. */
    OwnershipGuard UNLIMITED = () -> true;

    /** False once the partition of the work has, or may have, another owner; it never becomes true again. */
    boolean stands();

    /** Ends the attempt if it is no longer ours. */
    default void check() throws OwnershipLostException {
        if (!stands()) {
            throw new OwnershipLostException();
        }
    }
}
