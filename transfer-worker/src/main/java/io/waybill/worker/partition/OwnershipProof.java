package io.waybill.worker.partition;

/** Shows that work is still this worker's, at a cost: something is committed for it. Any thread. */
@FunctionalInterface
public interface OwnershipProof {
    /**
     * Returns when something was committed after the call, so that nobody else owned the work when it was made.
     *
     * @throws OwnershipLostException if it is not known to be
     */
    void prove() throws OwnershipLostException;
}
