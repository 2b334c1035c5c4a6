package io.waybill.worker.partition;

/** Proves that work still belongs to this worker. The proof costs a commit. Any thread. */
@FunctionalInterface
public interface OwnershipProof {
    /**
     * Returns when a transaction was committed after the call. So no other worker owned the work at the time of the call.
     *
     * @throws OwnershipLostException if the transaction is not known to be committed
     */
    void prove() throws OwnershipLostException;
}
