package io.waybill.lives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.topic.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A seed is a life: the same each time, in any process; and what a life chose can be chosen again. */
final class DeterminismTest {
    private static final Topics TOPICS = Searcher.topics();
    private static final Promises PROMISES = Promises.read(Searcher.document());
    private static final int LIVES = 150;

    @Test
    void shouldLiveTheSameLifeTwice() {
        for (int seed = 0; seed < LIVES; seed++) {
            assertThat(story(seed, Searcher.topics())).as("seed %d", seed).isEqualTo(story(seed, TOPICS));
        }
    }

    @Test
    void shouldLiveTheSameLifeByItsChoices() {
        for (int seed = 0; seed < LIVES; seed++) {
            Plan plan = PlanDraw.of(seed, null);
            Life.Result drawn = Life.live(plan, TOPICS, PROMISES, true);
            Life.Result repeated = Life.live(plan.repeating(drawn.choices()), TOPICS, PROMISES, true);
            assertThat(repeated.story()).as("seed %d", seed).isEqualTo(drawn.story());
        }
    }

    @Test
    void shouldLiveTheSameLifeInAnotherProcess() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.trackAllThreads=false",
                "-Dwaybill.root=" + Searcher.document().getParent().getParent(),
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--digests",
                Integer.toString(LIVES)));
        Process other = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String theirs = new String(other.getInputStream().readAllBytes(), UTF_8);
        assertThat(other.waitFor()).isZero();
        assertThat(theirs.lines().toList()).isEqualTo(digests(LIVES));
    }

    /** The stories of the first seeds, each as one line. */
    static List<String> digests(int lives) {
        return LongStream.range(0, lives)
                .mapToObj(seed -> seed + " " + String.join("\n", story(seed, TOPICS)).hashCode())
                .toList();
    }

    private static List<String> story(long seed, Topics topics) {
        return Life.live(PlanDraw.of(seed, null), topics, PROMISES, true).story();
    }
}
