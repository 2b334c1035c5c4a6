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
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ledgers on its own thread. An open transaction of a former owner may delay a reading for seconds, and meanwhile the
 * polling must continue.
 */
public final class LedgerLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerLoader.class);

    /**
     * How long to wait for a reading. Most readings take far less than the first time. A partition that takes longer must
     * not hold up the others for long. An open transaction is over within the longest time, unless the cluster is in
     * trouble.
     */
    private static final Backoff PATIENCE = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(16));

    private static final Duration BRIEFLY = Duration.ofMillis(500);

    /** The pause before a failed reading is tried again, unless there is another one to do. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Reading reading;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Queue<Loaded> loaded = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> tries = new HashMap<>();
    /** Partitions whose last reading failed. Each of them is read alone, so that it does not disturb the others. */
    private final Set<Integer> failing = new HashSet<>();
    /** Readings to repeat, but not at once. */
    private final List<Request> later = new ArrayList<>();

    /** @param reading called by one thread at a time */
    public LedgerLoader(Reading reading) {
        this.reading = reading;
    }

    /** Reads the ledgers of some partitions. Leaves out those that cannot be read to their end in time. */
    @FunctionalInterface
    public interface Reading {
        Map<Integer, LedgerView> read(Set<Integer> partitions, Duration patience);
    }

    /**
     * A request to read a partition's ledger.
     *
     * @param assignment the assignment of the partition that needs it
     */
    record Request(int partition, long assignment) {}

    /** The content of a ledger, read after the request. */
    record Loaded(Request request, LedgerView view) {}

    void request(Request request) {
        requests.add(request);
    }

    /** The next reading that is done and was not returned before. */
    Optional<Loaded> next() {
        return Optional.ofNullable(loaded.poll());
    }

    /** Does the requested readings until {@code stopped} says so. */
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

    /** Does the readings requested so far, and repeats failed ones. */
    void readRequested() {
        List<Request> together = new ArrayList<>(later);
        later.clear();
        requests.drainTo(together);
        // If a partition came, went and came again, only the last assignment counts.
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

    /** Returns false if the whole reading failed, and nothing is known. */
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
        } catch (WakeupException e) {
            // The worker stops.
            return false;
        } catch (RuntimeException e) {
            // A fault of Waybill is caught too: it concerns the partitions of this reading and no others.
            (e instanceof KafkaException ? LOG.atWarn() : LOG.atError().setCause(e))
                    .addKeyValue("partitions", wanted.keySet())
                    .addKeyValue("failure", e.toString())
                    .log("The worker cannot read ledgers yet; it tries each one again");
            return false;
        }
    }

    /** The shortest wait of these partitions: a partition that was not waited for yet gets the first, short one. */
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
