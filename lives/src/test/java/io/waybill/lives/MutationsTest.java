package io.waybill.lives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The searcher finds by itself what is done wrong on purpose, within so many lives. */
final class MutationsTest {
    private static final long SEED = 1;
    private static final long MOST = 12_000;

    @ParameterizedTest
    @EnumSource
    void shouldFindThatThisIsDoneWrong(Mutation mutation) throws InterruptedException {
        var searcher = new Searcher(
                Promises.read(Searcher.document()),
                seed -> mutation.ofMonitor() ? PlanDraw.monitored(seed, null) : PlanDraw.of(seed, null),
                mutation.always());
        searcher.search(SEED, MOST, () -> searcher.broken().contains(mutation.broken()), 2);
        assertThat(searcher.broken()).as("of %d lives", searcher.coverage().lives()).contains(mutation.broken());
    }
}
