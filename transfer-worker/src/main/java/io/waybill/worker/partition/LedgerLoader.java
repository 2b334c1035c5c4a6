package io.waybill.worker.partition;

import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.time.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ledgers on a thread of its own: an open transaction of a former owner may hold a reading up for seconds, and
 * meanwhile the polling must go on.
 */
public final class LedgerLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerLoader.class);

    /**
     * How long a reading is waited for. Most take far less than the first time; a partition that takes longer must not hold
     * up the others for long. An open transaction is over within the longest, unless the cluster is in trouble.
     */
    private static final Backoff PATIENCE = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(16));

    private static final Duration BRIEFLY = Duration.ofMillis(100);

    /** Before a reading that failed is tried again, unless there is another to do. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Reading reading;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Queue<Loaded> loaded = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> tries = new HashMap<>();
    /** Partitions whose last reading failed; each is read by itself, so that it is no trouble to others. */
    private final Set<Integer> failing = new HashSet<>();
    /** To be read again, but not at once. */
    private final List<Request> later = new ArrayList<>();

    /** @param reading called by one thread at a time */
    public LedgerLoader(Reading reading) {
        this.reading = reading;
    }

    /** Says what the ledgers of some partitions say, except of those that are not read to their end in time. */
    @FunctionalInterface
    public interface Reading {
        Map<Integer, LedgerView> read(Set<Integer> partitions, Duration patience);
    }

    /**
     * A wish to know a partition's ledger.
     *
     * @param assignment which assignment of the partition it is for
     */
    record Request(int partition, long assignment) {}

    /** What a ledger said after the request was made. */
    record Loaded(Request request, LedgerView view) {}

    void request(Request request) {
        requests.add(request);
    }

    /** The next that was read since it was asked for last. */
    Optional<Loaded> next() {
        return Optional.ofNullable(loaded.poll());
    }

    /** Reads what is requested until told otherwise. */
    public void run(BooleanSupplier stopped) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            Request first = requests.poll(
                    (later.isEmpty() ? BRIEFLY : PAUSE).toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                requests.add(first);
            }
            readRequested();
        }
    }

    /** Reads what is requested so far, and again what could not be read. */
    void readRequested() {
        List<Request> together = new ArrayList<>(later);
        later.clear();
        requests.drainTo(together);
        // Of a partition that came, went and came again only the last assignment counts.
        Map<Integer, Request> latest = new HashMap<>();
        together.forEach(request -> latest.merge(
                request.partition(), request, BinaryOperator.maxBy(Comparator.comparingLong(Request::assignment))));
        Map<Integer, Request> alone = new HashMap<>(latest);
        alone.keySet().retainAll(failing);
        latest.keySet().removeAll(failing);
        if (!latest.isEmpty() && !read(latest)) {
            alone.putAll(latest);
        }
        alone.values().forEach(this::readAlone);
    }

    private void readAlone(Request request) {
        if (read(Map.of(request.partition(), request))) {
            failing.remove(request.partition());
        } else {
            failing.add(request.partition());
            later.add(request);
        }
    }

    /** Returns false if the reading failed as a whole, and nothing is known. */
    private boolean read(Map<Integer, Request> wanted) {
        try {
            Map<Integer, LedgerView> views = reading.read(wanted.keySet(), patience(wanted.keySet()));
            wanted.forEach((partition, request) -> {
                LedgerView view = views.get(partition);
                if (view != null) {
                    tries.remove(partition);
                    loaded.add(new Loaded(request, view));
                } else {
                    unread(request);
                }
            });
            return true;
        } catch (RuntimeException e) {
            // A fault of ours as well: it concerns the partitions that are read, and no others.
            (e instanceof KafkaException ? LOG.atWarn() : LOG.atError().setCause(e))
                    .addKeyValue("partitions", wanted.keySet())
                    .addKeyValue("failure", e.toString())
                    .log("The worker cannot read ledgers yet; it tries each one again");
            return false;
        }
    }

    /** As long as one of them was not waited for yet, only as long as that takes. */
    private Duration patience(Set<Integer> partitions) {
        int least = partitions.stream().mapToInt(partition -> tries.getOrDefault(partition, 0)).min().orElse(0);
        return PATIENCE.after(least + 1);
    }

    private void unread(Request request) {
        int tried = tries.merge(request.partition(), 1, Integer::sum);
        requests.add(request);
        if (tried >= 4) {
            LOG.atError()
                    .addKeyValue("partition", request.partition())
                    .addKeyValue("tries", tried)
                    .log("A ledger cannot be read to its end, so nothing of its partition is delivered. If this lasts,"
                            + " a transaction hangs there: kafka-transactions.sh find-hanging shows it, abort ends it");
        }
    }
}
