package io.waybill.state.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.ControlRecord.Approval.Decision;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an instance knows of approvals, some of which it wrote itself and reads later. */
final class ApprovalsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Approval ASKED = new Approval(
            "0e2a8f5e", NOW, "ann", "room", "redrive", "{}", 3, NOW.plusSeconds(60), null);

    private final Approvals approvals = new Approvals();

    /** The topic still brings the question when the instance that wrote the answer knows it already. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotForgetAWordWhenItReadsTheQuestion(boolean approved) {
        Approval decided = ASKED.decided(new Decision(approved, NOW, "bob", "counted"));

        approvals.heard(ASKED);
        approvals.heard(decided);
        approvals.heard(ASKED);

        assertThat(approvals.find(ASKED.id())).contains(decided);
        assertThat(approvals.waiting(NOW)).isZero();
    }

    @Test
    void shouldTakeTheLaterOfTwoWords() {
        Approval rejected = ASKED.decided(new Decision(false, NOW.plusSeconds(1), "carl", "no"));

        approvals.heard(ASKED.decided(new Decision(true, NOW, "bob", "counted")));
        approvals.heard(rejected);

        assertThat(approvals.all()).containsExactly(rejected);
    }
}
