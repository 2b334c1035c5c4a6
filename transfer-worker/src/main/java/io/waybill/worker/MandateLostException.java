package io.waybill.worker;

/** The work belongs to another worker now: the attempt ends without a word, since nothing it says would count. */
final class MandateLostException extends Exception {
    MandateLostException() {
        super("the partition of this work has another owner", null, false, false);
    }
}
