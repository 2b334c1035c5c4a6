package io.waybill.worker.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.worker.Works;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A scheduler over threads that run when the test says so: what was started is what waits here. */
final class LaneSchedulerTest {
    private static final Lane FIRST = new Lane(new DestinationName("acme"), 0);
    private static final Lane SECOND = new Lane(new DestinationName("acme"), 1);

    private final Queue<Runnable> started = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final LaneScheduler scheduler = Works.scheduler(2, started::add);

    @Test
    void shouldRunNoMoreThanTheDestinationAllows() {
        submit(FIRST, "/a", "a");
        submit(FIRST, "/b", "b");
        submit(FIRST, "/c", "c");
        submit(SECOND, "/d", "d");

        assertThat(started).hasSize(3);

        started.remove().run();
        assertThat(started).hasSize(3);
        runAll();
        assertThat(ran).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void shouldNeverRunTwoForNamesThatTheServerTakesForOne() {
        var folding = new LaneScheduler(_ -> 2, started::add, (_, path) -> NameFolding.CASE.fold(path));

        folding.submit(FIRST, new RemotePath("/Report.csv"), () -> ran.add("first"));
        folding.submit(FIRST, new RemotePath("/report.csv"), () -> ran.add("second"));

        assertThat(started).hasSize(1);
        runAll();
        assertThat(ran).containsExactly("first", "second");
    }

    @Test
    void shouldNeverRunTwoForOnePath() {
        submit(FIRST, "/a", "first");
        submit(FIRST, "/a", "second");
        submit(FIRST, "/a", "third");
        submit(FIRST, "/b", "other");

        assertThat(started).hasSize(2);

        runAll();
        assertThat(ran).containsSubsequence("first", "second", "third").contains("other");
    }

    @Test
    void shouldGiveTheSlotAndThePathOfAnItemThatDiesOfAnError() {
        var one = Works.scheduler(1, started::add);
        one.submit(FIRST, new RemotePath("/a"), () -> {
            throw new StackOverflowError("no code foresaw this");
        });
        one.submit(FIRST, new RemotePath("/a"), () -> ran.add("next"));

        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> started.remove().run());

        runAll();
        assertThat(ran).containsExactly("next");
    }

    @Test
    void shouldKeepTheOrderWhereOnlyOneRunsAtATime() {
        var fifo = Works.scheduler(1, started::add);
        for (String name : List.of("a", "b", "a", "c", "b")) {
            fifo.submit(FIRST, new RemotePath("/" + name), () -> ran.add(name));
        }

        runAll();

        assertThat(ran).containsExactly("a", "b", "a", "c", "b");
    }

    @Test
    void shouldBeginOthersWhileItemsWaitWithoutTheirSlots() {
        var slots = new ArrayList<LaneScheduler.Slot>();
        for (int i = 0; i < 20; i++) {
            scheduler.submit(FIRST, new RemotePath("/" + i), slot -> {
                slots.add(slot);
                slot.release();
                slot.release();
            });
        }
        var waiting = new ArrayList<>(started);
        started.clear();

        waiting.forEach(Runnable::run);

        // As each ends at once, another takes its slot, and nobody takes two.
        assertThat(started).hasSizeLessThanOrEqualTo(2 * LaneScheduler.MOST_BEGUN);
        runAll();
        assertThat(slots).hasSize(20);
    }

    @Test
    void shouldBoundWhatIsBegunAndNotEnded() {
        var begun = new ArrayList<Runnable>();
        var crowded = Works.scheduler(2, begun::add);
        for (int i = 0; i < 20; i++) {
            crowded.submit(FIRST, new RemotePath("/" + i), slot -> {
                slot.release();
                // The next of those begun runs inside this one, which therefore has not ended.
                int next = ran.size() + 1;
                ran.add("begun");
                if (next < begun.size()) {
                    begun.get(next).run();
                }
            });
        }

        begun.getFirst().run();

        assertThat(ran).hasSize(2 * LaneScheduler.MOST_BEGUN);
    }

    @Test
    void shouldKeepTheOnlySlotOfALane() {
        var fifo = Works.scheduler(1, started::add);
        fifo.submit(FIRST, new RemotePath("/a"), slot -> {
            slot.release();
            assertThat(started).isEmpty();
            ran.add("a");
        });
        fifo.submit(FIRST, new RemotePath("/b"), () -> ran.add("b"));

        runAll();

        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void shouldGiveTheSlotBackWhenATaskFails() {
        scheduler.submit(FIRST, new RemotePath("/a"), () -> {
            throw new IllegalStateException("on purpose");
        });
        submit(FIRST, "/a", "next");

        try {
            started.remove().run();
        } catch (IllegalStateException expected) {
            ran.add(expected.getMessage());
        }
        runAll();

        assertThat(ran).containsExactly("on purpose", "next");
    }

    @Test
    void shouldStartNothingMoreOnceStopped() throws Exception {
        submit(FIRST, "/a", "a");
        submit(FIRST, "/a", "never");

        assertThat(scheduler.stop(Duration.ZERO)).isFalse();
        runAll();

        assertThat(scheduler.stop(Duration.ZERO)).isTrue();
        assertThat(ran).containsExactly("a");
    }

    private void submit(Lane lane, String path, String name) {
        scheduler.submit(lane, new RemotePath(path), () -> ran.add(name));
    }

    private void runAll() {
        while (!started.isEmpty()) {
            started.remove().run();
        }
    }
}
