package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileId;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueIndex.Sweep;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The index beside a sorted set, whatever is set and unset, and however the clock goes. */
final class AnyDeadlinesTest {
    private static final int STEPS = 400;
    private static final Comparator<DueKey> BY_TIME =
            Comparator.comparingLong(DueKey::dueMillis).thenComparing(DueKey::id);

    private final TreeSet<DueKey> model = new TreeSet<>(BY_TIME);

    @Property(tries = 40, seed = "20261122")
    void shouldTakeJustWhatIsDueInTheOrderOfTime(@ForAll long seed) throws IOException {
        var random = new Random(seed);
        model.clear();
        try (var monitor = new MonitorUnderTest(Files.createTempDirectory("any-deadlines"))) {
            var index = new DueIndex(monitor.deadlines(), ProcessClock.of(() -> START, () -> 0));
            Instant now = START;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> index = new DueIndex(monitor.deadlines(), ProcessClock.of(() -> START, () -> 0));
                    case 1 -> now = now.plusMillis(random.nextLong(-400_000, 400_000));
                    case 2, 3 -> {
                        now = now.plusMillis(random.nextInt(5_000));
                        sweep(index, now, random);
                    }
                    case 4, 5 -> remove(index, random);
                    default -> add(index, due(now, random));
                }
            }
            assertThat(DueIndex.entries(monitor.deadlines())).isEqualTo(List.copyOf(model));
        }
    }

    private static DueKey due(Instant now, Random random) {
        FileId id = MonitorUnderTest.id(random.nextInt(50));
        return switch (random.nextInt(4)) {
            case 0 -> DueKey.of(Instant.EPOCH.minusSeconds(random.nextInt(2)), id);
            case 1 -> DueKey.of(now.plusMillis(random.nextInt(-2, 3)), id);
            case 2 -> DueKey.of(now.plusMillis(random.nextInt(120_000)), id);
            default -> DueKey.of(now.plusMillis(random.nextLong(-3_000_000, 3_000_000)), id);
        };
    }

    private void add(DueIndex index, DueKey key) {
        index.add(key);
        model.add(key);
    }

    private void remove(DueIndex index, Random random) {
        if (!model.isEmpty()) {
            DueKey key = List.copyOf(model).get(random.nextInt(model.size()));
            index.remove(key);
            model.remove(key);
        }
    }

    private void sweep(DueIndex index, Instant now, Random random) {
        var budget = new DueIndex.Budget(1 + random.nextInt(10), Duration.ofHours(1));
        List<DueKey> due = model.stream()
                .filter(key -> key.dueMillis() <= now.toEpochMilli())
                .toList();
        List<DueKey> expected = due.subList(0, Math.min(due.size(), budget.entries()));
        var taken = new ArrayList<DueKey>();

        Sweep sweep = index.sweep(now, budget, key -> {
            taken.add(key);
            model.remove(key);
            if (random.nextInt(3) == 0) {
                add(index, due(now.plusMillis(1), random));
            }
        });

        assertThat(taken).isEqualTo(expected);
        assertThat(sweep.taken()).isEqualTo(expected.size());
        Duration lag = due.size() == expected.size()
                ? Duration.ZERO
                : Duration.ofMillis(now.toEpochMilli() - due.get(expected.size()).dueMillis());
        assertThat(sweep.lag()).isEqualTo(lag);
    }
}
