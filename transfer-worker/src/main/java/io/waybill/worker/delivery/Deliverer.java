package io.waybill.worker.delivery;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.worker.partition.OwnershipProof;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Acts at destinations: delivers, resolves intents, removes what was left. Any number of threads. Never throws for anything
 * that a store, a network or a destination does.
 */
public interface Deliverer {
    /**
     * Executes an item.
     *
     * @param lane    whose connection to use
     * @param journal asked before every step that others can see
     */
    Outcome deliver(TransferWork work, Lane lane, Journal journal);

    /**
     * Finds out what came of an intent, and brings it to its end.
     *
     * @param owner shows that the intent is still this worker's to resolve; asked before the one step that would do harm
     *              otherwise
     */
    Outcome resolve(LedgerMark.Prepared intent, OwnershipProof owner);

    /**
     * Removes what was left of a file that is not sent any more.
     *
     * @return false if it may still be there
     */
    boolean discard(LedgerMark.Staging left);

    /**
     * Removes files from a directory, and rooms for older files that are empty.
     *
     * @param dead chooses among the names that are there
     * @return how many were removed
     */
    int sweep(Lane lane, RemotePath directory, UnaryOperator<List<String>> dead);
}
