package io.waybill.store;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a client waits, and how many connections it uses.
 *
 * @param connections at one time; one more call waits for a connection, and fails after a while
 * @param connect     the longest wait for a new connection
 * @param silence     the longest wait for the next byte
 * @param call        the longest wait for an answer, repeats included; empty if the size of the object decides
 */
record Limits(int connections, Duration connect, Duration silence, Optional<Duration> call) {
    /** The SDK's own default. */
    private static final int SOME = 50;

    /** For the questions of a batch of notifications, and beside them for those about parked objects. */
    private static final int FOR_QUESTIONS = 128;

    static final Limits DESCRIBING = new Limits(
            FOR_QUESTIONS, Duration.ofSeconds(10), Duration.ofSeconds(10), Optional.of(Duration.ofSeconds(30)));

    /** For the one question at a start. */
    static final Limits LOGIN = new Limits(
            1, Duration.ofSeconds(2), Duration.ofSeconds(5), Optional.of(Duration.ofSeconds(5)));

    /**
     * The worker's lanes limit the reads. A read that waited here would fail. Idle connections are closed after a
     * minute.
     */
    static final Limits READING =
            new Limits(Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofSeconds(60), Optional.empty());

    static final Limits WRITING =
            new Limits(SOME, Duration.ofSeconds(2), Duration.ofSeconds(30), Optional.empty());
}
