package io.waybill.worker;

import io.waybill.runtime.ledger.LedgerView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ledgers on a thread of its own: an open transaction of a former owner may hold a reading up for seconds, and
 * meanwhile the polling must go on.
 */
final class LedgerLoader {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerLoader.class);

    private final Function<Set<Integer>, Map<Integer, LedgerView>> reading;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Queue<Loaded> loaded = new ConcurrentLinkedQueue<>();

    /**
     * @param reading what the ledgers of some partitions say
     */
    LedgerLoader(Function<Set<Integer>, Map<Integer, LedgerView>> reading) {
        this.reading = reading;
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
    void run(BooleanSupplier stopped) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            Request first = requests.poll(100, TimeUnit.MILLISECONDS);
            if (first != null) {
                requests.add(first);
                readRequested();
            }
        }
    }

    /** Reads what is requested so far. */
    void readRequested() {
        List<Request> together = new ArrayList<>();
        requests.drainTo(together);
        read(together);
    }

    private void read(List<Request> together) {
        try {
            Map<Integer, LedgerView> views =
                    reading.apply(together.stream().map(Request::partition).collect(Collectors.toSet()));
            together.forEach(
                    request -> loaded.add(new Loaded(request, Objects.requireNonNull(views.get(request.partition())))));
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("partitions", together.size())
                    .addKeyValue("failure", e.toString())
                    .log("Ledgers cannot be read yet; trying again");
            requests.addAll(together);
        }
    }
}
