package io.waybill.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.worker.Works;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is begun of a partition, whose records are those of a list that can be read from anywhere. */
final class LaneAdmissionTest {
    private static final Home HOME = new Home("cluster", "topic");
    private static final Lane STUCK = lane("stuck", 0);
    private static final Lane FAST = lane("fast", 0);

    /** What the partition holds; an offset that is not there is a marker's. */
    private final TreeMap<Long, Lane> records = new TreeMap<>();
    private final Map<Lane, List<Long>> begun = new HashMap<>();
    private PartitionProgress progress = progress(1000);
    private long end;
    private long reading;
    private long readings;
    private int mostRanges;

    @Test
    void shouldGoOnWithTheFilesOfOtherLanesWhileOneIsStuck() {
        for (int i = 0; i < 10 * 1000; i++) {
            write(STUCK);
            write(FAST);
        }

        while (begunOf(FAST).size() < 10 * 1000) {
            int before = begunOf(FAST).size();
            read();
            progress.finish(begunOf(FAST).subList(before, begunOf(FAST).size()));
            assertThat(begunOf(FAST).size()).isGreaterThan(before);
        }

        assertThat(begunOf(STUCK)).hasSizeLessThanOrEqualTo(500);
        assertThat(position().next()).isZero();
        assertThat(mostRanges).isLessThan(PartitionProgress.MOST_PLACES);
    }

    @Test
    void shouldBeginInOrderWhatWasHeldBackWhenItsLaneGoesOn() {
        for (int i = 0; i < 5000; i++) {
            write(STUCK);
        }
        write(FAST);
        while (begunOf(FAST).isEmpty()) {
            read();
        }

        for (int done = 0; done < 5000;) {
            List<Long> some = List.copyOf(begunOf(STUCK).subList(done, begunOf(STUCK).size()));
            progress.finish(some);
            done += some.size();
            read();
        }

        assertThat(begunOf(STUCK)).hasSize(5000).isSorted().doesNotHaveDuplicates();
        assertThat(readings).isLessThan(4 * 5000);
    }

    @Test
    void shouldKeepABurstOfOneLaneAsOneRange() {
        for (int i = 0; i < 50_000; i++) {
            write(STUCK);
            end += i % 7 == 0 ? 1 : 0;
        }
        write(FAST);

        while (begunOf(FAST).isEmpty()) {
            read();
        }

        progress.finish(begunOf(FAST));
        assertThat(position().done()).hasSizeLessThan(500 / 7 + 3);
        assertThat(progress.full(false)).isFalse();
    }

    @Test
    void shouldReadNothingNewWhenAPositionWouldHaveTooManyRanges() {
        for (int i = 0; i < PartitionProgress.MOST_PLACES + 1000; i++) {
            write(STUCK);
            write(FAST);
        }

        while (!progress.full(false)) {
            int before = begunOf(FAST).size();
            read();
            progress.finish(begunOf(FAST).subList(before, begunOf(FAST).size()));
        }

        assertThat(position().done()).hasSizeBetween(PartitionProgress.MOST_PLACES - 1000,
                2 * PartitionProgress.MOST_PLACES);
        progress.finish(List.copyOf(begunOf(STUCK)));
        assertThat(progress.seek()).isPresent();
        assertThat(progress.full(true)).isFalse();
    }

    @Test
    void shouldNotTakeForDoneWhatIsHeldBackWhoeverSaysItIs() {
        for (int i = 0; i < 2000; i++) {
            write(STUCK);
        }
        read();
        List<Long> all = records.keySet().stream().toList();

        assertThat(progress.positionAfter(all, HOME).next()).isEqualTo(begunOf(STUCK).size());
        progress.finish(all);
        progress.finish(all);

        assertThat(position().next()).isEqualTo(begunOf(STUCK).size());
        assertThat(position().done()).isEmpty();
    }

    @Property(tries = 300)
    void shouldBeginEveryRecordOnceAndEachLaneInOrder(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int span) {
        var random = new Random(seed);
        records.clear();
        begun.clear();
        last.clear();
        progress = progress(span);
        end = reading = 0;
        int lanes = 1 + random.nextInt(5);
        var open = new ArrayList<Long>();
        while (end < 400 || !open.isEmpty() || position().next() < end) {
            int more = end < 400 ? random.nextInt(30) : 0;
            for (int i = 0; i < more; i++) {
                write(lane("d", (int) Math.sqrt(random.nextInt(lanes * lanes))));
                end += random.nextInt(3) == 0 ? 1 : 0;
            }
            begun.values().forEach(List::clear);
            var before = new HashMap<>(last);
            read();
            begun.forEach((lane, offsets) -> {
                assertThat(offsets).isSorted().doesNotHaveDuplicates()
                        .allMatch(o -> o > before.getOrDefault(lane, -1L));
                open.addAll(offsets);
            });
            assertThat(open.size()).isLessThanOrEqualTo(span);
            while (!open.isEmpty() && random.nextInt(4) > 0) {
                long offset = open.remove(random.nextInt(open.size()));
                Position promised = progress.positionAfter(List.of(offset), HOME);
                progress.finish(List.of(offset));
                records.remove(offset);
                assertThat(position()).isEqualTo(promised);
                checkPosition(promised);
            }
        }
        assertThat(records).isEmpty();
    }

    /** Records that are not finished are neither before the position nor in a range that is done. */
    private void checkPosition(Position position) {
        records.headMap(reading).keySet().forEach(offset -> {
            assertThat(offset).isGreaterThanOrEqualTo(position.next());
            assertThat(position.done()).noneMatch(range -> range.contains(offset));
        });
    }

    private final Map<Lane, Long> last = new HashMap<>();

    private void write(Lane lane) {
        records.put(end++, lane);
    }

    /** As the work loop does: one poll, and then where to read on. */
    private void read() {
        long polled = 0;
        for (var record : List.copyOf(records.tailMap(reading).entrySet())) {
            if (polled++ == 500) {
                break;
            }
            readings++;
            reading = record.getKey() + 1;
            if (progress.begin(record.getKey(), Optional.of(record.getValue()))) {
                begunOf(record.getValue()).add(record.getKey());
                last.put(record.getValue(), record.getKey());
            }
        }
        if (polled <= 500) {
            reading = Math.max(reading, end);
        }
        progress.readUpTo(reading);
        OptionalLong seek = progress.seek();
        reading = seek.orElse(reading);
        mostRanges = Math.max(mostRanges, position().done().size());
    }

    private List<Long> begunOf(Lane lane) {
        return begun.computeIfAbsent(lane, _ -> new ArrayList<>());
    }

    private Position position() {
        return progress.positionAfter(List.of(), HOME);
    }

    private static PartitionProgress progress(int span) {
        return new PartitionProgress(
                new TopicPartition("transfer-work", 0), 0, List.of(), Works.ledger(Map.of()), new StagingTokens("p0"),
                span);
    }

    private static Lane lane(String destination, int number) {
        return new Lane(new DestinationName(destination), number);
    }
}
