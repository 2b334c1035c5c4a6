package io.waybill.benchmarks.transfer;

/** A contestant did not do what it was to do; the message says what it said. */
final class ContestantFailedException extends Exception {
    ContestantFailedException(String message) {
        super(message);
    }
}
