package io.waybill.lives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept of a life is all of it. */
final class PlanTextTest {
    @Test
    void shouldReadWhatItWrote() {
        List<PlanText.Kept> lives = new ArrayList<>();
        for (int seed = 0; seed < 200; seed++) {
            Plan plan = PlanDraw.of(seed, null).repeating(Map.of(seed, 1, 2 * seed + 1, 3));
            lives.add(new PlanText.Kept("life-" + seed, Promise.NEVER_OLDER, "a life", plan));
        }
        String text = lives.stream().map(PlanText::write).reduce("# for people\n", (all, life) -> all + "\n" + life);
        assertThat(PlanText.read(text)).isEqualTo(lives);
    }

    @Test
    void shouldReadTheLivesThatAreKept() throws IOException {
        assertThat(SearchTest.kept()).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    }
}
