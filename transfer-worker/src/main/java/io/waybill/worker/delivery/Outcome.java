package io.waybill.worker.delivery;

import io.waybill.domain.Failure;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.Receipt;
import java.time.Instant;
import java.util.Optional;

/** What came of one execution, or of resolving what an earlier one left undecided. */
public sealed interface Outcome {
    /**
     * It has its final name.
     *
     * @param aside the older file that was set aside for it, to be removed once the delivery is committed
     */
    record Delivered(Receipt receipt, Optional<LedgerMark.Staging> aside) implements Outcome {
        Delivered(Receipt receipt) {
            this(receipt, Optional.empty());
        }
    }

    /**
     * Not delivered, and never will be by this execution.
     *
     * @param left what lies at the destination of it, for a later execution to go on from
     */
    record NotDelivered(Failure failure, Optional<LedgerMark.Staging> left) implements Outcome {
        NotDelivered(Failure failure) {
            this(failure, Optional.empty());
        }
    }

    /**
     * Nobody can tell whether it was delivered, and it is sent again all the same, as the destination's configuration says.
     *
     * @param failure of kind IN_DOUBT
     */
    record SentAgain(Failure failure) implements Outcome {}

    /** The destination is not to be had, and nothing was begun. */
    record Deferred(Instant until, Failure reason) implements Outcome {}

    /** The intent is committed, and nobody knows yet what came of it. */
    record Undecided(LedgerMark.Prepared intent, Failure reason) implements Outcome {}

    /** The work belongs to another worker now, and what this one did counts for nothing. */
    record Dropped() implements Outcome {}
}
