package io.waybill.state.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {
    private Instant now = Instant.EPOCH;
    private final EarlyCommits commits = new EarlyCommits(() -> now);

    @Test
    void shouldCommitTheFirstDecisionAfterAPauseAtOnce() {
        assertThat(commits.due()).isTrue();

        now = now.plus(EarlyCommits.PAUSE);
        assertThat(commits.due()).isTrue();
    }

    @Test
    void shouldLeaveDecisionsUnderLoadToTheInterval() {
        assertThat(commits.due()).isTrue();

        for (int i = 0; i < 100; i++) {
            now = now.plus(EarlyCommits.PAUSE.minusMillis(1));
            assertThat(commits.due()).isFalse();
        }
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack() {
        assertThat(commits.due()).isTrue();

        now = now.minus(Duration.ofHours(1));
        assertThat(commits.due()).isTrue();
    }
}
