package io.waybill.state.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private Instant now = Instant.EPOCH;
    private final EarlyCommits commits = new EarlyCommits(() -> now, INTERVAL);

    @Test
    void shouldCommitTheFirstDecisionAfterAPauseAtOnce() {
        assertThat(commits.due()).isTrue();

        now = now.plus(Duration.ofSeconds(1));
        assertThat(commits.due()).isTrue();
    }

    @Test
    void shouldLeaveDecisionsUnderLoadToTheInterval() {
        assertThat(commits.due()).isTrue();

        now = now.plus(INTERVAL);
        assertThat(commits.due()).isFalse();
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack() {
        assertThat(commits.due()).isTrue();

        now = now.minus(Duration.ofHours(1));
        assertThat(commits.due()).isTrue();
    }
}
