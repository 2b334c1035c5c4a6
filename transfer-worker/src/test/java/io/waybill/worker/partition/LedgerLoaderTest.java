package io.waybill.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.partition.LedgerLoader.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LedgerLoaderTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(LedgerLoader.class);

    private final Set<Integer> hanging = new HashSet<>();
    private final Set<Integer> broken = new HashSet<>();
    private final List<Set<Integer>> read = new ArrayList<>();
    private final List<Duration> patience = new ArrayList<>();
    private boolean reachable = true;
    private boolean stopped;
    private final LedgerLoader loader = new LedgerLoader(this::read);

    private Map<Integer, LedgerView> read(Set<Integer> partitions, Duration patience) {
        read.add(Set.copyOf(partitions));
        this.patience.add(patience);
        if (partitions.stream().anyMatch(broken::contains)) {
            throw new IllegalStateException("a mark that no code foresaw");
        }
        if (stopped) {
            throw new WakeupException();
        }
        if (!reachable) {
            throw new DisconnectException("no broker");
        }
        var views = new HashMap<Integer, LedgerView>();
        partitions.stream().filter(partition -> !hanging.contains(partition)).forEach(partition -> views.put(
                partition,
                new LedgerView(
                        partition,
                        Optional.of(Position.at(0, "cluster", "topic")),
                        Map.of(),
                        new Bounds(0, 0),
                        OptionalLong.empty(),
                        Optional.empty())));
        return views;
    }

    private List<Request> loaded() {
        var requests = new ArrayList<Request>();
        for (var next = loader.next(); next.isPresent(); next = loader.next()) {
            requests.add(next.get().request());
        }
        return requests;
    }

    @Test
    void shouldNotLetOnePartitionHoldUpTheOthers() {
        hanging.add(1);
        loader.request(new Request(0, 1));
        loader.request(new Request(1, 2));
        loader.readRequested();
        assertThat(loaded()).containsExactly(new Request(0, 1));

        hanging.clear();
        loader.readRequested();
        assertThat(loaded()).containsExactly(new Request(1, 2));
    }

    @Test
    void shouldWaitLongerAndLongerForAPartitionAloneAndBrieflyForOthersBesideIt() {
        hanging.add(1);
        loader.request(new Request(1, 1));
        for (int i = 0; i < 5; i++) {
            loader.readRequested();
        }
        loader.request(new Request(2, 2));
        loader.readRequested();

        assertThat(patience.subList(0, 5)).isSorted().startsWith(Duration.ofSeconds(2))
                .endsWith(Duration.ofSeconds(16));
        assertThat(patience.getLast()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldReadForTheLatestAssignmentOnly() {
        loader.request(new Request(0, 1));
        loader.request(new Request(0, 3));
        loader.readRequested();

        assertThat(loaded()).containsExactly(new Request(0, 3));
        assertThat(read).containsExactly(Set.of(0));
    }

    @Test
    void shouldTakeOverTheOtherPartitionsWhenOneCannotBeRead() {
        broken.add(1);
        for (int partition = 0; partition < 3; partition++) {
            loader.request(new Request(partition, partition));
        }

        loader.readRequested();
        assertThat(loaded()).containsExactlyInAnyOrder(new Request(0, 0), new Request(2, 2));

        loader.request(new Request(3, 3));
        loader.readRequested();
        assertThat(loaded()).containsExactly(new Request(3, 3));
        assertThat(read.subList(read.size() - 2, read.size())).containsExactly(Set.of(3), Set.of(1));

        broken.clear();
        loader.readRequested();
        assertThat(loaded()).containsExactly(new Request(1, 1));
    }

    @Test
    void shouldNotWarnOfLedgersWhenItIsStopped() {
        stopped = true;
        loader.request(new Request(0, 1));
        loader.readRequested();

        assertThat(loaded()).isEmpty();
        assertThat(warnings.lines()).isEmpty();
    }

    @Test
    void shouldTryAgainWhenTheBrokersDoNotAnswer() {
        reachable = false;
        loader.request(new Request(0, 1));
        loader.readRequested();
        assertThat(loaded()).isEmpty();

        reachable = true;
        loader.readRequested();
        assertThat(loaded()).containsExactly(new Request(0, 1));
    }
}
