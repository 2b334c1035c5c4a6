package io.waybill.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.streams.PatientClients.Patience;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PatientClientsTest {
    private static final Duration ASKED = Duration.ofMillis(100);

    private Duration passed = Duration.ofDays(3);
    private final Patience patience = new Patience(ProcessClock.of(() -> Instant.EPOCH, () -> passed.toNanos()));

    @Test
    void shouldWaitAsLongAsItIsAskedToWhileRecordsCome() {
        assertThat(patience.wait(ASKED)).isEqualTo(ASKED);
        passed = passed.plus(PatientClients.LONG_WITHOUT_RECORDS);
        patience.received(1);
        assertThat(patience.wait(ASKED)).isEqualTo(ASKED);
    }

    @Test
    void shouldWaitLongerAfterAWhileWithoutRecords() {
        passed = passed.plus(PatientClients.LONG_WITHOUT_RECORDS);
        patience.received(0);
        assertThat(patience.wait(ASKED)).isEqualTo(PatientClients.LONGEST);
        assertThat(patience.wait(Duration.ofSeconds(2))).hasSeconds(2);
        assertThat(patience.wait(Duration.ZERO)).isZero();
    }
}
