package io.waybill.e2e;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what other threads and processes do. */
public final class Conditions {
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private Conditions() {}

    /**
     * Begins to wait for a condition, for {@code 150 s} at most unless said otherwise. It fails with {@link
     * org.awaitility.core.ConditionTimeoutException}.
     *
     * @param what is awaited, for people
     */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what)
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK_EVERY)
                // Services that are broken on purpose may end a thread.
                .dontCatchUncaughtExceptions();
    }
}
