package io.waybill.worker.partition;

/** The work belongs to another worker now. The attempt ends without a report, because no report of it would count. */
public final class OwnershipLostException extends Exception {
    public OwnershipLostException() {
        super("the partition of this work has another owner", null, false, false);
    }
}
