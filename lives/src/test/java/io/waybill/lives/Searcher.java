package io.waybill.lives;

import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Lives lives from one seed on, on two threads, until so many are lived; keeps those that break a promise. */
final class Searcher {
    private static final long STRIDE = 0x9e3779b97f4a7c15L;

    private final Promises promises;
    private final Profile profile;
    private final Coverage coverage = new Coverage();
    private final List<Life.Result> failures = new ArrayList<>();

    Searcher(Promises promises, Profile profile) {
        this.promises = promises;
        this.profile = profile;
    }

    static Topics topics() {
        return Topics.from(new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    }

    static Path document() {
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("lives") ? here.getParent() : here;
        return Path.of(System.getProperty("waybill.root", root.toString())).resolve("docs/exactly-once.md");
    }

    /** The seed of one life of a search. */
    static long seed(long first, long number) {
        return first + number * STRIDE;
    }

    /**
     * Lives.
     *
     * @param first  the seed of the search
     * @param number how many lives
     */
    void search(long first, long number, int threads) throws InterruptedException {
        var next = new AtomicLong();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().name("lives-" + i).start(() -> {
                Topics topics = topics();
                for (long life = next.getAndIncrement(); life < number; life = next.getAndIncrement()) {
                    Plan plan = PlanDraw.of(seed(first, life), profile);
                    try {
                        keep(Life.live(plan, topics, promises, false));
                    } catch (RuntimeException e) {
                        throw new IllegalStateException("the life of seed " + plan.seed() + " failed", e);
                    }
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
    }

    private synchronized void keep(Life.Result result) {
        coverage.add(result);
        if (!result.violations().isEmpty()) {
            failures.add(result);
        }
    }

    Coverage coverage() {
        return coverage;
    }

    List<Life.Result> failures() {
        return failures;
    }
}
