package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers come and go, are paused, killed and told wrong offsets, all in one installation. After each of the tests, in
 * whatever order, all that happened so far must be right.
 */
@RequiresOpenSsh
@RequiresInotify
@SuppressWarnings("try") // closing may be interrupted, and says so
final class CrewIT {
    private static final int FILES = 600;
    private static final int SIZE = 2000;
    private static final Duration START = Duration.ofMinutes(3);

    /** On a quiet machine it is less than 2 s; this one may build beside. */
    private static final Duration HEARD = Duration.ofSeconds(10);

    /** What scales workers by the lag looks this often. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static Installation installation;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(directory, 2);
        installation.warmUp(Protocol.TWO_PHASE);
    }

    @AfterAll
    static void stop() throws Exception {
        installation.close();
    }

    @AfterEach
    void everyFileIsThereOnce() throws Exception {
        installation.awaitAllEnded();
        assertThat(installation.history().violations()).isEmpty();
    }

    /** All partners are paused while workers deliver as fast as the machine can. Then everything is killed. */
    @Test
    void shouldStartNothingWhilePausedAndLoseNothingThoughAllIsKilled() throws Exception {
        try (var first = installation.worker("worker-1", Protocol.TWO_PHASE);
                var second = installation.worker("worker-2", Protocol.TWO_PHASE)) {
            // Workers that find a queue start files as fast as the machine can.
            long already = installation.ended();
            installation.load().putAtOnce(FILES, SIZE);
            startAll(first, second);
            await("the first of the queue").until(() -> installation.ended() > already);
            long begun = System.nanoTime();
            await("a third of the queue").until(() -> installation.ended() > already + FILES / 3);
            say("files a second before the pause", Math.round(FILES / 3 * 1e9 / (System.nanoTime() - begun)));

            // The other tests need it, whatever becomes of this one.
            try (AutoCloseable _ = () -> installation.ask("resume")) {
                Instant paused;
                try (var putting = Executors.newSingleThreadExecutor()) {
                    // Files arrive before, while and after the partners are paused, however fast the workers are.
                    Future<?> put = putting.submit(() -> installation.load().putAtOnce(FILES, SIZE));
                    installation.ask("pause");
                    paused = Instant.now(); // allow clock: workers on the same machine date their events by it
                    put.get();
                }
                assertThat(installation.open()).as("files that wait at the pause").isPositive();
                await("all the others to be paused").until(installation::openFilesArePaused);

                first.kill();
                second.kill();
                installation.stack().kill();
                installation.stack().startAgain();
                startAll(first, second);
                installation.load().putAtOnce(FILES / 10, SIZE);
                await("the last to be paused as well").until(installation::openFilesArePaused);

                List<Instant> late = installation.startsAfter(paused);
                say("ms from the pause to the last start",
                        late.isEmpty() ? 0 : Duration.between(paused, late.getLast()).toMillis());
                assertThat(late).allMatch(paused.plus(HEARD)::isAfter);
            }
            installation.awaitAllEnded();
            first.end();
            second.end();
        }
    }

    @Test
    void shouldNeitherRepeatNorLoseAFileWhenWorkersAreAddedAndTakenAway() throws Exception {
        var crew = new ArrayList<WorkerProcess>();
        try {
            grow(crew, 1);
            put(FILES);
            grow(crew, 4);
            put(FILES);
            while (crew.size() > 2) {
                crew.removeLast().end();
            }
            put(FILES);
            installation.awaitAllEnded();
            for (WorkerProcess worker : crew) {
                worker.end();
            }
        } finally {
            crew.forEach(WorkerProcess::close);
        }
    }

    private static void grow(List<WorkerProcess> crew, int size) throws InterruptedException {
        while (crew.size() < size) {
            var worker = installation.worker("member-" + crew.size(), Protocol.TWO_PHASE);
            crew.add(worker);
            worker.start(List.of());
        }
        installation.group().awaitMembers(size);
    }

    private static void put(int count) {
        for (int i = 0; i < count; i++) {
            installation.load().put(SIZE);
        }
    }

    /** What an operator does to the group while no worker runs. */
    private interface Tool {
        void change(WorkerGroup group) throws InterruptedException;
    }

    /**
     * The ledger and not the group's offsets says where a partition stands, whatever tools and time do to these. And the
     * offsets follow the ledger, so that what counts the group's lag counts nothing that is done.
     */
    @Test
    void shouldNeitherRepeatNorSkipAFileWhateverBecomesOfTheGroupsOffsets() throws Exception {
        List<Tool> tools = List.of(
                group -> group.reset(moved(group, _ -> 0L)),
                group -> group.reset(moved(group, offset -> offset + 1_000_000)),
                group -> group.reset(moved(group, offset -> Math.max(0, offset - 7))),
                WorkerGroup::delete);
        work();
        for (Tool tool : tools) {
            installation.group().awaitWithout("worker");
            tool.change(installation.group());
            work();
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> moved(WorkerGroup group, UnaryOperator<Long> move)
            throws InterruptedException {
        return group.offsets().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> new OffsetAndMetadata(move.apply(entry.getValue().offset()))));
    }

    private static void work() throws InterruptedException {
        try (var worker = installation.worker("worker", Protocol.TWO_PHASE)) {
            worker.start(List.of());
            worker.awaitReady(START);
            // Before the first file: the position of each partition that it took over.
            installation.group().awaitNoLag(SOON);
            put(FILES / 10);
            installation.awaitAllEnded();
            installation.group().abortOne();
            installation.group().awaitNoLag(SOON);
            worker.end();
        }
    }

    private static void startAll(WorkerProcess... workers) throws InterruptedException {
        for (WorkerProcess worker : workers) {
            worker.start(List.of());
        }
        installation.group().awaitMembers(workers.length);
    }

    private static void say(String what, long figure) {
        System.out.println(what + ": " + figure); // allow console: the figure is of interest beside the verdict
    }
}
