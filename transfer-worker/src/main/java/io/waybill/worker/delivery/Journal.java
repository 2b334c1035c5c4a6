package io.waybill.worker.delivery;

import io.waybill.domain.Failure;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Milestone;
import io.waybill.worker.partition.OwnershipGuard;
import io.waybill.worker.partition.OwnershipLostException;
import java.util.Optional;

/** How one execution writes down what must outlive it. One thread, but for {@link #stands}. */
public interface Journal extends OwnershipGuard {
    /**
     * Why the file is not to be published any more although the work is still ours: it was cancelled, or a newer version came
     * first. To be asked right before {@link #prepare}, and when the ownership is lost.
     */
    default Optional<Failure> unwanted() {
        return Optional.empty();
    }

    /** Part of every name that this execution writes to at the destination; no other has it, whoever makes it. */
    String token();

    /** Takes note of what is done, for those who look at the file's history. */
    void reached(Milestone milestone);

    /** What an earlier execution of the same sending left at the destination. */
    Optional<LedgerMark.Staging> left();

    /** Takes note of a directory in which there may be something to clear up one day. */
    void stagesIn(RemotePath directory);

    /**
     * Returns when something was committed after everything that {@link #left} tells was read.
     *
     * @throws OwnershipLostException if it is not known to be
     */
    void proveOwnership() throws OwnershipLostException;

    /** Whether a server is known, from before this process even, to have replaced a file of that directory in one step. */
    default boolean replaceProven(String server, RemotePath directory) {
        return false;
    }

    /** Remembers that a server replaced a file of that directory in one step; does not wait. */
    default void noteReplaceProven(String server, RemotePath directory) {}

    /** Remembers how much of a large upload is safe; does not wait. */
    void note(LedgerMark.Staging mark);

    /**
     * Returns when the intent is committed.
     *
     * @throws OwnershipLostException if it is not known to be; the staging file must not be touched any more then
     */
    void prepare(LedgerMark.Prepared intent) throws OwnershipLostException;
}
