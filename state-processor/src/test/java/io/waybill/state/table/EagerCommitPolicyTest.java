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
    void shouldCommitAtOnceWhatComesInTwosAndThrees() {
        for (int i = 0; i < 100; i++) {
            assertThat(commits.due(wall)).isTrue();
            assertThat(commits.due(wall)).isTrue();
            assertThat(commits.due(wall)).isTrue();
            nanos += EagerCommitPolicy.WINDOW.toNanos() * 4 / EagerCommitPolicy.MANY;
        }
    }

    @Test
    void shouldLeaveDecisionsUnderLoadToTheInterval() {
        reachALoad();

        for (int i = 0; i < 100; i++) {
            nanos += EagerCommitPolicy.WINDOW.toNanos() / EagerCommitPolicy.MANY - 1;
            assertThat(commits.due(wall)).isFalse();
        }
        nanos += EagerCommitPolicy.WINDOW.toNanos();
        assertThat(commits.due(wall)).isTrue();
    }

    private void reachALoad() {
        for (int i = 0; i < EagerCommitPolicy.MANY; i++) {
            assertThat(commits.due(wall)).isTrue();
        }
        assertThat(commits.due(wall)).isFalse();
    }

    /** Each commit takes so long that the window never fills. */
    @Test
    void shouldLeaveDecisionsAboutEventsThatHaveWaitedToTheInterval() {
        for (int i = 0; i < 100; i++) {
            nanos += EagerCommitPolicy.WINDOW.toNanos();
            wall = wall.plus(EagerCommitPolicy.WINDOW);
            assertThat(commits.due(wall.minus(EagerCommitPolicy.WAITED))).isFalse();
            assertThat(commits.due(wall.minus(EagerCommitPolicy.WAITED).plusMillis(1))).isTrue();
            nanos += EagerCommitPolicy.WINDOW.toNanos();
        }
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack() {
        reachALoad();

        wall = wall.minus(Duration.ofHours(1));
        nanos += EagerCommitPolicy.WINDOW.toNanos();
        assertThat(commits.due(wall)).isTrue();
    }
}
