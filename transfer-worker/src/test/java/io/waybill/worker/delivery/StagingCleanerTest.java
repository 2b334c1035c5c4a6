package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.OwnershipProof;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose lanes are used when what was left behind is removed. */
final class StagingCleanerTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(StagingCleaner.class);

    private static final TopicPartition PARTITION = new TopicPartition("waybill.transfer-work", 0);
    private static final String DIRECTORY = "/.waybill";

    private final TransferWork work = Works.deliver(Works.object("a", new byte[1]), "/a");
    private final Lane lane = new Lane(work.target().destination(), 1);
    private final PartitionProgress progress = new PartitionProgress(
            PARTITION, 0, List.of(), Works.ledger(Map.of()), new StagingTokens("p0-abc"));
    private final List<String> done = new ArrayList<>();
    private final List<String> swept = new ArrayList<>();
    private final Queue<Runnable> begun = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;
    private List<String> listed = List.of();
    private boolean fault;
    private final StagingCleaner cleaner = new StagingCleaner(
            new FakeDeliverer(), Works.scheduler(1, begun::add), entry -> entry.committed().complete(true),
            HandClock.following(() -> now));

    @Test
    void shouldTellWhoseLaneItUsesToRemoveWhatWasLeft() {
        leave();

        handOut();
        assertThat(ownership().has(lane)).isTrue();
        begun.remove().run();

        assertThat(done).containsExactly("discarded");
    }

    @Test
    void shouldUseNoLaneOfAnAssignmentThatIsOver() {
        leave();
        cleaner.saw(progress, lane, DIRECTORY);
        handOut();
        progress.end();

        while (!begun.isEmpty()) {
            begun.remove().run();
        }

        assertThat(done).isEmpty();
        assertThat(ownership().has(lane)).isFalse();
    }

    @Test
    void shouldSweepWhereItStages() {
        cleaner.saw(progress, lane, DIRECTORY);

        handOut();
        begun.remove().run();

        assertThat(done).containsExactly("swept");
    }

    @Test
    void shouldSweepRightBelowTheRoot() {
        String dead = "tmp-." + progress.tokens().next();
        progress.tokens().retire(dead.substring("tmp-.".length()));
        listed = List.of(dead);
        cleaner.saw(progress, lane, "/");

        handOut();
        begun.remove().run();

        assertThat(done).containsExactly("swept", dead);
        assertThat(swept).containsExactly("/");
    }

    @Test
    void shouldNotStopTheWorkerWhenAListedNameIsNoPath() {
        String dead = "." + progress.tokens().next();
        progress.tokens().retire(dead.substring(1));
        listed = List.of(dead, "tab\t" + dead, "x".repeat(5000) + dead, "../" + dead);
        cleaner.saw(progress, lane, DIRECTORY);

        handOut();
        begun.remove().run();

        assertThat(done).containsExactly("swept", dead);
    }

    @Test
    void shouldNotStopTheWorkerWhenASweepFails() {
        leave();
        cleaner.saw(progress, lane, DIRECTORY);
        fault = true;

        handOut();
        while (!begun.isEmpty()) {
            begun.remove().run();
        }

        assertThat(warnings.lines()).hasSize(2).allMatch(line -> line.contains("hit a fault of Waybill"));
        fault = false;
        handOut();
        begun.remove().run();
        assertThat(done).isNotEmpty();
    }

    @Test
    void shouldNotQueueARemovalAgainAndAgainWhileItsLaneIsBusy() {
        leave();
        handOut();
        handOut();
        handOut();

        runAll();
        assertThat(done).containsExactly("discarded");

        handOut();
        runAll();
        assertThat(done).containsExactly("discarded", "discarded");
    }

    @Test
    void shouldSweepWhereItStagesHoweverManyPlacesThereWereBefore() {
        for (int day = 0; day < 2000; day++) {
            cleaner.saw(progress, lane, "/day-" + day);
        }
        handOut();
        runAll();
        done.clear();
        String today = "/today";

        cleaner.saw(progress, lane, today);
        now = now.plus(Duration.ofMinutes(2));
        cleaner.handOut(List.of(progress));
        runAll();

        assertThat(swept).endsWith(today);
        assertThat(done).containsExactly("swept");
    }

    private void runAll() {
        while (!begun.isEmpty()) {
            begun.remove().run();
        }
    }

    private void leave() {
        progress.ledger().apply(LedgerUpdate.to(new Staging(
                work.id(), work.attempt(), work.target(), lane.number(), new RemotePath("/.waybill/left"), 9, "",
                now)));
    }

    private void handOut() {
        now = now.plus(Duration.ofDays(2));
        cleaner.handOut(List.of(progress));
    }

    private Ownership ownership() {
        return new Ownership(Map.of(PARTITION, progress), new MockConsumer<>("none").groupMetadata());
    }

    private void fail() {
        if (fault) {
            throw new IllegalStateException("a bug");
        }
    }

    private final class FakeDeliverer implements Deliverer {
        @Override
        public Outcome deliver(TransferWork item, Lane itsLane, Journal journal) {
            return new Outcome.Dropped();
        }

        @Override
        public Outcome resolve(Prepared intent, OwnershipProof owner) {
            return new Outcome.Dropped();
        }

        @Override
        public boolean discard(Staging left) {
            fail();
            return done.add("discarded");
        }

        @Override
        public int sweep(Lane itsLane, String directory, UnaryOperator<List<String>> dead) {
            fail();
            done.add("swept");
            swept.add(directory);
            done.addAll(dead.apply(listed));
            return 0;
        }
    }
}
