package io.waybill.worker.delivery;

import static java.util.Comparator.comparing;

import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * Intents whose outcome is not known yet: those that a former owner left, and those whose answer was lost. Each is tried
 * again, at growing intervals, until it is resolved. Any thread may add; the polling thread hands out.
 */
public final class UnresolvedIntents {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(400), LONGEST_PAUSE);

    private final ProcessClock time;
    private final RandomGenerator random;
    private final Map<Prepared, Waiting> waiting = new ConcurrentHashMap<>();

    public UnresolvedIntents(ProcessClock time) {
        this(time, new Random());
    }

    /**
     * @param random randomises the intervals
     */
    public UnresolvedIntents(ProcessClock time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    private record Waiting(PartitionProgress progress, int tries, long due) {}

    /** Adds an intent, or takes it back if it was handed out and is still undecided. */
    public void add(Prepared intent, PartitionProgress progress) {
        waiting.compute(intent, (_, before) -> {
            int tries = before == null || before.progress() != progress ? 0 : before.tries() + 1;
            return new Waiting(progress, tries, time.after(pause(tries)));
        });
    }

    private Duration pause(int tries) {
        if (tries == 0) {
            return Duration.ZERO;
        }
        long most = PAUSES.after(tries).toMillis();
        return Duration.ofMillis(random.nextLong(most / 2, most + 1));
    }

    /** Hands out the intents that are due. Forgets those that are resolved or belong to another worker. */
    public void handOut(BiConsumer<Prepared, PartitionProgress> resolve) {
        // In an order that depends on the intents, and not on the hashes of this process.
        waiting.entrySet().stream().sorted(comparing(each -> each.getKey().staging().value())).forEach(each -> {
            Prepared intent = each.getKey();
            Waiting entry = each.getValue();
            if (!entry.progress().stands() || !entry.progress().ledger().has(intent)) {
                waiting.remove(intent, entry);
            } else if (time.isOver(entry.due())) {
                // The resolver adds the intent again if it stays undecided. If the outcome gets lost, the intent is handed
                // out again later.
                waiting.replace(
                        intent, entry, new Waiting(entry.progress(), entry.tries(), time.after(LONGEST_PAUSE)));
                resolve.accept(intent, entry.progress());
            }
        });
    }
}
