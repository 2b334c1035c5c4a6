package io.waybill.store;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a face waits, and over how many connections it works.
 *
 * @param connections at one time; one more call waits for a connection, and fails after a while
 * @param connect     longest wait for a connection to be made
 * @param silence     longest wait for the next byte
 * @param call        longest wait for an answer, repeats included; empty where the size of the object decides
 */
record Limits(int connections, Duration connect, Duration silence, Optional<Duration> call) {
    /** As many as the SDK's own. */
    private static final int SOME = 50;

    static final Limits DESCRIBING = new Limits(
            SOME, Duration.ofSeconds(10), Duration.ofSeconds(10), Optional.of(Duration.ofSeconds(30)));

    /** The worker's lanes limit the reads; one that waited here would fail. What is idle is closed after a minute. */
    static final Limits READING =
            new Limits(Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofSeconds(60), Optional.empty());

    static final Limits WRITING =
            new Limits(SOME, Duration.ofSeconds(2), Duration.ofSeconds(30), Optional.empty());
}
