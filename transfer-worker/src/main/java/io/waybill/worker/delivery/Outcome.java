package io.waybill.worker.delivery;

import io.waybill.domain.Failure;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.Receipt;
import java.time.Instant;
import java.util.Optional;

/** The outcome of one execution, or of resolving what an earlier execution left undecided. */
public sealed interface Outcome {
    /**
     * The file has its final name.
     *
     * @param aside the older file that was set aside for it, to be removed after the delivery is committed
     */
    record Delivered(Receipt receipt, Optional<LedgerMark.Staging> aside) implements Outcome {
        Delivered(Receipt receipt) {
            this(receipt, Optional.empty());
        }
    }

    /**
     * The file is not delivered, and this execution will never deliver it.
     *
     * @param left the part of the file at the destination, which a later execution may resume
     */
    record NotDelivered(Failure failure, Optional<LedgerMark.Staging> left) implements Outcome {
        NotDelivered(Failure failure) {
            this(failure, Optional.empty());
        }
    }

    /**
     * Nobody knows whether the file was delivered. It is sent again, as the destination's configuration says.
     *
     * @param failure of kind IN_DOUBT
     */
    record SentAgain(Failure failure) implements Outcome {}

    /**
     * The worker cannot connect to the destination, or cannot read the bucket. The file is not the reason, and the attempt
     * is made later.
     *
     * @param begun whether something may have been written at the destination
     * @param left  if so, the part of the file there, which a later execution may resume
     */
    record Deferred(Instant until, Failure reason, boolean begun, Optional<LedgerMark.Staging> left)
            implements Outcome {
        /** Nothing was begun. */
        Deferred(Instant until, Failure reason) {
            this(until, reason, false, Optional.empty());
        }
    }

    /** The intent is committed, and its outcome is not known yet. */
    record Undecided(LedgerMark.Prepared intent, Failure reason) implements Outcome {}

    /** The work belongs to another worker now, and nothing that this worker did counts. */
    record Dropped() implements Outcome {}
}
