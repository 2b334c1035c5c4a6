package io.waybill.worker.delivery;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.TransferWork;
import io.waybill.worker.partition.OwnershipProof;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Works at destinations: delivers files, resolves intents, removes remains. Any number of threads. Never throws because of
 * an error of a store, a network or a destination.
 */
public interface Deliverer {
    /**
     * Executes an item.
     *
     * @param lane    the lane whose connection is used
     * @param journal called before every step that others can see
     */
    Outcome deliver(TransferWork work, Lane lane, Journal journal);

    /**
     * Finds out the outcome of an intent, and brings it to its end.
     *
     * @param owner proves that the intent still belongs to this worker; called before the one step that would otherwise do
     *              harm
     */
    Outcome resolve(LedgerMark.Prepared intent, OwnershipProof owner);

    /**
     * Removes what is left of a file that is no longer sent.
     *
     * @return false if it may still be there
     */
    boolean discard(LedgerMark.Staging left);

    /**
     * Removes files from a directory, and empty rooms for older files.
     *
     * @param directory "/" for the destination's root
     * @param dead chooses the names to remove among the existing names
     * @return how many were removed
     */
    int sweep(Lane lane, String directory, UnaryOperator<List<String>> dead);
}
