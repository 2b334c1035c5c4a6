package io.waybill.state.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EagerCommitPolicyTest {
    private Instant wall = Instant.EPOCH;
    private long nanos;
    private final EagerCommitPolicy commits = new EagerCommitPolicy(ProcessClock.of(() -> wall, () -> nanos));

    @Test
    void shouldCommitTheFirstDecisionAfterAPauseAtOnce() {
        assertThat(commits.due()).isTrue();

        nanos += EagerCommitPolicy.PAUSE.toNanos();
        assertThat(commits.due()).isTrue();
    }

    @Test
    void shouldLeaveDecisionsUnderLoadToTheInterval() {
        assertThat(commits.due()).isTrue();

        for (int i = 0; i < 100; i++) {
            nanos += EagerCommitPolicy.PAUSE.minusMillis(1).toNanos();
            assertThat(commits.due()).isFalse();
        }
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack() {
        assertThat(commits.due()).isTrue();

        wall = wall.minus(Duration.ofHours(1));
        nanos += EagerCommitPolicy.PAUSE.toNanos();
        assertThat(commits.due()).isTrue();
    }
}
