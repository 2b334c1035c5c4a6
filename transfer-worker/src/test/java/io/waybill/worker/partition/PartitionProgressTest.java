package io.waybill.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.worker.Works;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class PartitionProgressTest {
    private static final Home HOME = new Home("cluster", "topic");

    private final PartitionProgress progress = new PartitionProgress(new TopicPartition("transfer-work", 0));

    @Test
    void shouldStandBeforeTheFirstRecordThatIsNotFinished() {
        begin(10, 11, 12);

        progress.finish(List.of(11L));

        assertThat(next(progress, List.of())).isEqualTo(10);
        assertThat(next(progress, List.of(10L))).isEqualTo(12);
        assertThat(next(progress, List.of(10L, 12L))).isEqualTo(13);
    }

    @Test
    void shouldCountOffsetsWithoutRecordsAsDone() {
        begin(10);
        progress.readUpTo(15);

        assertThat(next(progress, List.of(10L))).isEqualTo(15);
    }

    @Property
    void shouldNeverPassAnUnfinishedRecordWhateverTheOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int records) {
        var random = new Random(seed);
        var tested = new PartitionProgress(new TopicPartition("transfer-work", 0));
        var unfinished = new TreeSet<Long>();
        long offset = 0;
        for (int i = 0; i < records; i++) {
            offset += 1 + random.nextInt(3);
            tested.begin(offset);
            unfinished.add(offset);
        }
        while (!unfinished.isEmpty()) {
            var candidates = new ArrayList<>(unfinished);
            long done = candidates.get(random.nextInt(candidates.size()));
            long promised = next(tested, List.of(done));
            unfinished.remove(done);
            tested.finish(List.of(done));
            assertThat(next(tested, List.of())).isEqualTo(promised);
            assertThat(promised).isEqualTo(unfinished.isEmpty() ? offset + 1 : unfinished.first());
        }
    }

    @Test
    void shouldSayWhatIsDoneBeyondThePosition() {
        begin(10, 11, 12, 13, 15);
        progress.readUpTo(17);

        Position position = progress.positionAfter(List.of(11L, 13L, 15L), HOME);

        assertThat(position).isEqualTo(new Position(
                10, List.of(new Range(11, 12), new Range(13, 17)), "cluster", "topic"));
    }

    @Test
    void shouldNotBeginWhatAFormerOwnerFinished() {
        var takenOver = new PartitionProgress(
                new TopicPartition("transfer-work", 0),
                10,
                List.of(new Range(11, 13), new Range(14, 15)),
                Works.ledger(Map.of()),
                new StagingTokens("p0"));

        assertThat(takenOver.begin(10)).isTrue();
        assertThat(takenOver.positionAfter(List.of(), HOME))
                .isEqualTo(new Position(10, List.of(new Range(11, 13), new Range(14, 15)), "cluster", "topic"));
        assertThat(takenOver.positionAfter(List.of(10L), HOME).next()).isEqualTo(13);
        assertThat(takenOver.begin(11)).isFalse();
        assertThat(takenOver.begin(12)).isFalse();
        assertThat(takenOver.begin(13)).isTrue();
        assertThat(takenOver.begin(14)).isFalse();
        assertThat(takenOver.positionAfter(List.of(10L, 13L), HOME))
                .isEqualTo(new Position(15, List.of(), "cluster", "topic"));
    }

    @Property
    void shouldForgetNothingThatWasFinishedOverTakeOvers(@ForAll long seed) {
        var random = new Random(seed);
        var finished = new TreeSet<Long>();
        var owner = new PartitionProgress(new TopicPartition("transfer-work", 0));
        for (int owners = 0; owners < 4; owners++) {
            Position position = owner.positionAfter(List.of(), HOME);
            owner = new PartitionProgress(
                    new TopicPartition("transfer-work", 0),
                    position.next(),
                    position.done(),
                    Works.ledger(Map.of()),
                    new StagingTokens("p0"));
            long end = position.next() + random.nextInt(20);
            for (long offset = position.next(); offset < end; offset++) {
                assertThat(owner.begin(offset)).as("offset %s of %s", offset, position).isNotEqualTo(
                        finished.contains(offset));
                if (random.nextBoolean() && finished.add(offset)) {
                    owner.finish(List.of(offset));
                }
            }
        }
    }

    private static long next(PartitionProgress progress, List<Long> finished) {
        return progress.positionAfter(finished, HOME).next();
    }

    private void begin(long... offsets) {
        for (long offset : offsets) {
            progress.begin(offset);
        }
    }
}
