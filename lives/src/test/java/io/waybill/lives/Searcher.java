package io.waybill.lives;

import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/** Lives lives from one seed on, on some threads; keeps of those that break a promise the first for each promise. */
final class Searcher {
    private static final long STRIDE = 0x9e3779b97f4a7c15L;
    private static final int MOST_DISTURBED = 3;

    private final Promises promises;
    private final LongFunction<Plan> plans;
    private final Mischief mischief;
    private final Coverage coverage = new Coverage();
    private final Map<Promise, Life.Result> first = new EnumMap<>(Promise.class);
    private long violations;
    private volatile RuntimeException fault;

    /**
     * @param plans the plan of a seed
     */
    Searcher(Promises promises, LongFunction<Plan> plans) {
        this(promises, plans, Mischief.NONE);
    }

    /** In a world that does wrong. */
    Searcher(Promises promises, LongFunction<Plan> plans, Mischief mischief) {
        this.promises = promises;
        this.plans = plans;
        this.mischief = mischief;
    }

    /** Topics of their own for each thread: registries have locks. */
    static Topics topics() {
        return Topics.from(new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    }

    /** The document with the table of promises. */
    static Path document() {
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("lives") ? here.getParent() : here;
        return Path.of(System.getProperty("waybill.root", root.toString())).resolve("docs/exactly-once.md");
    }

    /** The seed of one life of a search; that of the search is the first's. */
    static long seed(long search, long number) {
        return search + number * STRIDE;
    }

    /**
     * Lives so many lives.
     *
     * @param enough whether to stop before
     */
    void search(long seed, long number, BooleanSupplier enough, int threads) throws InterruptedException {
        var next = new AtomicLong();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().name("lives-" + i).start(() -> {
                Topics topics = topics();
                long life;
                while ((life = next.getAndIncrement()) < number && fault == null && !enough.getAsBoolean()) {
                    live(plans.apply(seed(seed, life)), topics);
                }
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        if (fault != null) {
            throw fault;
        }
    }

    private void live(Plan plan, Topics topics) {
        try {
            keep(undisturbed(plan, topics));
        } catch (RuntimeException | Error e) {
            fault = new IllegalStateException("the life of seed " + plan.seed() + " could not be lived", e);
        }
    }

    /** Libraries have locks for all threads of a process: a life that met another there is lived again. */
    private Life.Result undisturbed(Plan plan, Topics topics) {
        for (int again = 0;; again++) {
            try {
                return Life.live(plan, topics, promises, false, mischief);
            } catch (Kernel.Disturbed e) {
                if (again == MOST_DISTURBED) {
                    throw e;
                }
            }
        }
    }

    private synchronized void keep(Life.Result result) {
        coverage.add(result);
        if (!result.violations().isEmpty()) {
            violations++;
        }
        result.violations().keySet().forEach(promise -> first.putIfAbsent(promise, result));
    }

    Coverage coverage() {
        return coverage;
    }

    /** The promises that were broken. */
    synchronized Set<Promise> broken() {
        return Set.copyOf(first.keySet());
    }

    /** How many lives broke a promise. */
    long violations() {
        return violations;
    }

    /** For each promise that was broken the shortest life that was found to break it, as a story. */
    List<String> stories() {
        Topics topics = topics();
        List<String> stories = new ArrayList<>();
        first.forEach((promise, result) -> {
            Plan plan = Shrinker.shrink(result, promise, topics, promises);
            Life.Result told = Life.live(plan, topics, promises, true);
            String shows = String.valueOf(told.violations().get(promise));
            stories.add("# from seed " + result.plan().seed() + "\n"
                    + PlanText.write(new PlanText.Kept(promise.id(), promise, shows, plan))
                    + String.join("\n", told.story()) + "\n");
        });
        return stories;
    }
}
