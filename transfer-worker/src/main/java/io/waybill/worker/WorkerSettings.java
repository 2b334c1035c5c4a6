package io.waybill.worker;

import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.KeyType;
import io.waybill.runtime.config.OwnSection;
import io.waybill.runtime.config.Section;
import java.time.Duration;

/**
 * The section of the configuration that the worker alone reads.
 *
 * @param id           this worker's name among its peers, the same after a restart: a restarted worker fences its earlier
 *                     self by it
 * @param span         items of one partition that a worker may have begun and not finished, 1 or more
 * @param commitLinger how long results are collected for one transaction
 */
public record WorkerSettings(String id, int span, Duration commitLinger) {
    private static final Key<String> ID = Key.of(
            "id", KeyType.TEXT, "worker-1", "This worker among its like, the same after a restart.")
            .see("#names-of-processes");

    private static final Key<Integer> SPAN = Key.of(
            "span",
            KeyType.number(1, 100_000),
            1000,
            "Items of one partition that a worker takes into its memory at one time.")
            .see("#how-much-a-worker-takes");

    private static final Key<Duration> COMMIT_LINGER = Key.of(
            "commitLinger",
            KeyType.DURATION_OR_ZERO,
            Duration.ofMillis(5),
            "How long results are collected for one transaction; under load as long as a transaction takes, at most"
                    + " 50 ms.");

    /** The section {@code worker}. */
    public static final OwnSection<WorkerSettings> SECTION = new OwnSection<>(
            Section.fixed("worker", "The transfer-worker.", ID, SPAN, COMMIT_LINGER),
            keys -> new WorkerSettings(keys.get(ID), keys.get(SPAN), keys.get(COMMIT_LINGER)));
}
