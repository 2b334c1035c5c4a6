package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LedgerMarkTest {
    @Test
    void shouldNameTheMarksOfOneSendingAlikeAndOfEachSendingAnew() {
        var id = new FileId("abcdefghijklmnopqrstuvwxyz");
        assertThat(LedgerMark.key(id, 1)).isEqualTo("abcdefghijklmnopqrstuvwxyz-1").isNotEqualTo(LedgerMark.key(id, 2));
        assertThat(Position.at(0, "c", "t").key()).isEqualTo("position");
    }

    @Test
    void shouldCountWhatIsDoneAheadOfThePosition() {
        assertThat(position(5, new Range(5, 6), new Range(8, 11)).doneAhead()).isEqualTo(4);
        assertThat(Position.at(5, "c", "t").doneAhead()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 4, 6, 8, 9", "5, 6, 8, 8, 9", "5, 8, 9, 6, 7", "5, 6, 9, 8, 10", "-1, 6, 7, 8, 9"})
    void shouldRefuseRangesThatTouchOrFallOrLieBehind(long next, long from, long to, long laterFrom, long laterTo) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> position(next, new Range(from, to), new Range(laterFrom, laterTo)));
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "4, 3", "-1, 3"})
    void shouldRefuseARangeOfNothing(long from, long to) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Range(from, to))
                .withMessageContaining(from + " to " + to);
    }

    private static Position position(long next, Range... done) {
        return new Position(next, List.of(done), "c", "t");
    }
}
