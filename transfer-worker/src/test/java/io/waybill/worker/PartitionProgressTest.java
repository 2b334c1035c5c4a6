package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class PartitionProgressTest {
    private final PartitionProgress progress = new PartitionProgress(new TopicPartition("transfer-work", 0));

    @Test
    void shouldStandBeforeTheFirstRecordThatIsNotFinished() {
        begin(10, 11, 12);

        progress.finish(List.of(11L));

        assertThat(progress.positionAfter(List.of())).isEqualTo(10);
        assertThat(progress.positionAfter(List.of(10L))).isEqualTo(12);
        assertThat(progress.positionAfter(List.of(10L, 12L))).isEqualTo(13);
    }

    @Test
    void shouldCountOffsetsWithoutRecordsAsDone() {
        begin(10);
        progress.readUpTo(15);

        assertThat(progress.positionAfter(List.of(10L))).isEqualTo(15);
    }

    @Test
    void shouldTellHowFarItIsAheadOfItsPosition() {
        begin(10, 11, 12, 13);
        progress.finish(List.of(10L, 12L));

        assertThat(progress.ahead()).isEqualTo(3);
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
            long promised = tested.positionAfter(List.of(done));
            unfinished.remove(done);
            tested.finish(List.of(done));
            assertThat(tested.positionAfter(List.of())).isEqualTo(promised);
            assertThat(promised).isEqualTo(unfinished.isEmpty() ? offset + 1 : unfinished.first());
        }
    }

    private void begin(long... offsets) {
        for (long offset : offsets) {
            progress.begin(offset);
        }
    }
}
