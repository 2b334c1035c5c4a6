package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All partners are paused while workers deliver as fast as the machine can. Then everything is killed. */
@RequiresOpenSsh
@RequiresInotify
final class PauseUnderLoadIT {
    private static final int FILES = 600;
    private static final int SIZE = 2000;

    /** On a quiet machine it is less than 2 s; this one may build beside. */
    private static final Duration HEARD = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @Test
    @SuppressWarnings("try") // closing may be interrupted, and says so
    void shouldStartNothingWhilePausedAndLoseNothingThoughAllIsKilled() throws Exception {
        try (var installation = new Installation(directory, 2)) {
            installation.warmUp(Protocol.TWO_PHASE);
            try (var first = installation.worker("worker-1", Protocol.TWO_PHASE);
                    var second = installation.worker("worker-2", Protocol.TWO_PHASE)) {
                // Workers that find a queue start files as fast as the machine can.
                long already = installation.ended();
                installation.load().putAtOnce(FILES, SIZE);
                startAll(installation, first, second);
                await("the first of the queue").until(() -> installation.ended() > already);
                long begun = System.nanoTime();
                await("a third of the queue").until(() -> installation.ended() > already + FILES / 3);
                say("files a second before the pause", Math.round(FILES / 3 * 1e9 / (System.nanoTime() - begun)));

                installation.ask("pause");
                Instant paused = Instant.now(); // allow clock: workers on the same machine date their events by it
                assertThat(installation.open()).as("files that wait at the pause").isPositive();
                installation.load().putAtOnce(FILES, SIZE);
                await("all the others to be paused").until(installation::openFilesArePaused);

                first.kill();
                second.kill();
                installation.stack().kill();
                installation.stack().startAgain();
                startAll(installation, first, second);
                installation.load().putAtOnce(FILES / 10, SIZE);
                await("the last to be paused as well").until(installation::openFilesArePaused);

                List<Instant> late = installation.startsAfter(paused);
                say("ms from the pause to the last start",
                        late.isEmpty() ? 0 : Duration.between(paused, late.getLast()).toMillis());
                assertThat(late).allMatch(paused.plus(HEARD)::isAfter);

                installation.ask("resume");
                installation.awaitAllEnded();
            }
            assertThat(installation.history().violations()).isEmpty();
        }
    }

    private static void startAll(Installation installation, WorkerProcess... workers) throws InterruptedException {
        for (WorkerProcess worker : workers) {
            worker.start(List.of());
        }
        installation.group().awaitMembers(workers.length);
    }

    private static void say(String what, long figure) {
        System.out.println(what + ": " + figure); // allow console: the figure is of interest beside the verdict
    }
}
