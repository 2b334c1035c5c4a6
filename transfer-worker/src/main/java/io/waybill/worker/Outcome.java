package io.waybill.worker;

import io.waybill.domain.Failure;
import io.waybill.domain.Receipt;

/** What came of one attempt. */
sealed interface Outcome {
    record Delivered(Receipt receipt) implements Outcome {}

    record NotDelivered(Failure failure) implements Outcome {}

    /** The work belongs to another worker now, and what this one did counts for nothing. */
    record Dropped() implements Outcome {}
}
