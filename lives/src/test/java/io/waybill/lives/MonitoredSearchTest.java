package io.waybill.lives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * No life breaks a promise in which the real monitor says the deadlines, and its dead letters agree with the state. There
 * are so many as {@code waybill.lives.monitored} says; their seed is {@code waybill.lives.seed}.
 */
final class MonitoredSearchTest {
    private static final long NUMBER = Long.getLong("waybill.lives.monitored", 1_000);
    private static final long SEED = Long.getLong("waybill.lives.seed", 1);

    @Test
    void shouldKeepEveryPromiseWhereTheMonitorSaysTheDeadlines() throws InterruptedException {
        var searcher =
                new Searcher(Promises.read(Searcher.document()), seed -> PlanDraw.monitored(seed, null));
        searcher.search(SEED, NUMBER, () -> false, 2);
        assertThat(searcher.stories()).as(() -> "seed " + SEED + "\n" + searcher.coverage().table()).isEmpty();
    }
}
