package io.waybill.state.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.ControlRecord.Approval.Decision;
import io.waybill.domain.ControlRecord.Approval.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two instances take words about one request, and each reads the records of both. */
final class OpposedWordsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Approval ASKED = new Approval(
            "a-1", NOW, "otto", "room again", "redrive", "{}", 3, NOW.plus(Duration.ofHours(24)), null);
    private static final Approval YES = ASKED.decided(new Decision(true, NOW, "ada", "counted"));
    private static final Approval NO = ASKED.decided(new Decision(false, NOW, "bob", "last year's"));

    private static Standing after(Approval... records) {
        var approvals = new Approvals();
        List.of(records).forEach(approvals::heard);
        return approvals.find("a-1").orElseThrow().standing(NOW);
    }

    @Test
    void shouldTakeANoOverAYesInWhateverOrderTheyAreRead() {
        assertThat(after(ASKED, YES, NO)).isEqualTo(Standing.REJECTED);
        assertThat(after(ASKED, NO, YES)).isEqualTo(Standing.REJECTED);
        assertThat(after(ASKED, YES)).isEqualTo(Standing.APPROVED);
    }

    /** A topic that is compacted keeps the last word. Whoever starts then has not heard the no. */
    @Test
    void shouldSayANoAgainThatAYesStandsBehind() {
        var approvals = new Approvals();
        assertThat(approvals.heard(ASKED)).isEmpty();
        assertThat(approvals.heard(NO)).isEmpty();
        assertThat(approvals.heard(YES)).contains(NO);
        assertThat(approvals.heard(NO)).isEmpty();
    }

    @Test
    void shouldKeepAWordThatIsReadBeforeTheInstanceTakesWhatItWroteItself() {
        assertThat(after(YES, ASKED)).isEqualTo(Standing.APPROVED);
        assertThat(after(NO, ASKED)).isEqualTo(Standing.REJECTED);
    }
}
