package io.waybill.lives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No life breaks a promise: neither those that did once, nor so many new ones as {@code waybill.lives} says, or as are lived
 * in {@code waybill.lives.minutes}. Their seed is {@code waybill.lives.seed}.
 */
final class SearchTest {
    private static final Long MINUTES = Long.getLong("waybill.lives.minutes");
    private static final long NUMBER = Long.getLong("waybill.lives", MINUTES == null ? 10_000 : Long.MAX_VALUE);
    private static final long SEED = Long.getLong("waybill.lives.seed", 1);

    private final Promises promises = Promises.read(Searcher.document());

    static List<PlanText.Kept> kept() throws IOException {
        try (InputStream seeds = Objects.requireNonNull(SearchTest.class.getResourceAsStream("/seeds.txt"))) {
            return PlanText.read(new String(seeds.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void shouldKeepThePromiseThatThisLifeBrokeOnce(PlanText.Kept life) {
        Life.Result result = Life.live(life.plan(), Searcher.topics(), promises, true);
        assertThat(result.violations()).as(() -> String.join("\n", result.story())).isEmpty();
    }

    @Test
    void shouldKeepEveryPromiseInEveryLife() throws InterruptedException {
        var searcher = new Searcher(promises, seed -> PlanDraw.of(seed, null));
        long began = System.nanoTime(); // allow clock: a search may be given so much time
        long latest = MINUTES == null ? Long.MAX_VALUE : MINUTES * 60_000_000_000L;
        searcher.search(SEED, NUMBER, () -> System.nanoTime() - began > latest, 2); // allow clock: as above
        assertThat(searcher.stories()).as(() -> "seed " + SEED + "\n" + searcher.coverage().table()).isEmpty();
    }
}
