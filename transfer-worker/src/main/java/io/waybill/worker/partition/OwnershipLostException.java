package io.waybill.worker.partition;

/** The work belongs to another worker now: the attempt ends without a word, since nothing it says would count. */
public final class OwnershipLostException extends Exception {
    public OwnershipLostException() {
        super("the partition of this work has another owner", null, false, false);
    }
}
