package io.waybill.worker.delivery;

import io.waybill.domain.Failure;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.Milestone;
import io.waybill.worker.partition.OwnershipGuard;
import io.waybill.worker.partition.OwnershipLostException;
import java.util.Optional;

/** Records what must survive an execution. One thread, except {@link #stands}. */
public interface Journal extends OwnershipGuard {
    /**
     * Why the file must not be published any more although the work still belongs to this worker: it was cancelled, or a
     * newer version came first. To be called right before {@link #prepare}, and when the ownership is lost.
     */
    default Optional<Failure> unwanted() {
        return Optional.empty();
    }

    /** Why the execution must not start now, though it has its connection; empty if it may. */
    default Optional<Outcome.Deferred> halted() {
        return Optional.empty();
    }

    /** A part of every name that this execution writes to at the destination. No other execution of any worker has it. */
    String token();

    /** Records a milestone for the file's history. */
    void reached(Milestone milestone);

    /** The destination has acknowledged so many bytes of the file. For people who look; takes no time. */
    default void acknowledged(long bytes) {}

    /** The part of a file that an earlier execution of the same sending left at the destination. */
    Optional<LedgerMark.Staging> left();

    /** Records a directory that may need cleaning up later; "/" is the root. */
    void stagesIn(String directory);

    /**
     * Returns when a transaction was committed after everything that {@link #left} returns was read.
     *
     * @throws OwnershipLostException if the transaction is not known to be committed
     */
    void proveOwnership() throws OwnershipLostException;

    /**
     * Whether a server is known to have replaced a file of that directory in one step, possibly before this process began.
     */
    default boolean replaceProven(String server, String directory) {
        return false;
    }

    /** Remembers that a server replaced a file of that directory in one step. Does not wait. */
    default void noteReplaceProven(String server, String directory) {}

    /** Remembers how many bytes of a large upload are safe. Does not wait. */
    void note(LedgerMark.Staging mark);

    /**
     * Returns when the intent is committed.
     *
     * @throws OwnershipLostException if the intent is not known to be committed; then the staging file must not be touched
     *                                any more
     */
    void prepare(LedgerMark.Prepared intent) throws OwnershipLostException;
}
