package io.waybill.sftp.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.memory.MemoryBudget;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UnsentBytesTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final int REQUEST = 256 << 10;

    private final MemoryBudget shared = new MemoryBudget(4 * REQUEST);

    @Test
    void shouldHoldUpWhoeverHasMoreUnsentThanThereIsMemory() throws Exception {
        var connection = new UnsentBytes(shared);
        for (int i = 0; i < 6; i++) {
            connection.take(REQUEST);
        }
        Thread seventh = taking(connection);
        assertThat(seventh.join(SHORT)).isFalse();

        connection.give(REQUEST);

        assertThat(seventh.join(LONG)).isTrue();
    }

    @Test
    void shouldNotBeHeldUpByAnotherConnection() throws Exception {
        var stuck = new UnsentBytes(shared);
        for (int i = 0; i < 6; i++) {
            stuck.take(REQUEST);
        }
        assertThat(shared.left()).isZero();

        var other = new UnsentBytes(shared);
        other.take(REQUEST);
        other.take(REQUEST);
        other.give(REQUEST);
        other.take(REQUEST);
    }

    @Test
    void shouldLeaveNothingTakenWhenTheConnectionEnds() throws Exception {
        var connection = new UnsentBytes(shared);
        for (int i = 0; i < 6; i++) {
            connection.take(REQUEST);
        }
        Thread waiting = taking(connection);

        connection.end();

        assertThat(waiting.join(LONG)).isTrue();
        for (int i = 0; i < 6; i++) {
            connection.give(REQUEST);
        }
        assertThat(shared.left()).isEqualTo(4 * REQUEST);
    }

    private static Thread taking(UnsentBytes connection) {
        return Thread.ofVirtual().start(() -> {
            try {
                connection.take(REQUEST);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
