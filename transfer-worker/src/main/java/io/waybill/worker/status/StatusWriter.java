package io.waybill.worker.status;

import io.waybill.domain.DestinationName;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.worker.connections.ConnectionState;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to {@code worker-status} with a producer of its own. The newest value wins: as long as Kafka has not taken the
 * last entries, nothing is written, and afterwards everything is written anew. No method waits, except {@link #close} for
 * a moment. Any thread; only the polling thread calls {@link #handOut} and {@link #close}.
 */
public final class StatusWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(1);

    private final Topic<String, WorkerStatus> topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Executor threads;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final StatusEntries entries;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicInteger lost = new AtomicInteger();
    private @Nullable Producer<byte[], byte[]> producer;
    private volatile boolean broken;
    private volatile boolean told;
    private long next;

    /**
     * @param connections what is known about the connections now
     * @param producers   makes the producer; it is made anew after a fault that does not pass
     * @param threads     runs a task that may wait for Kafka for a moment
     */
    public StatusWriter(
            String worker,
            Map<DestinationName, DestinationConfig> destinations,
            Topic<String, WorkerStatus> topic,
            Supplier<? extends Collection<ConnectionState>> connections,
            FilesInFlight files,
            Supplier<Producer<byte[], byte[]>> producers,
            Executor threads,
            WorkerMetrics metrics,
            ProcessClock time) {
        this.topic = topic;
        this.producers = producers;
        this.threads = threads;
        this.metrics = metrics;
        this.time = time;
        this.entries = new StatusEntries(worker, destinations, connections, files, time);
        this.next = time.nanos();
    }

    /** Writes what is due, unless that is too early or Kafka has not taken the last entries. Does not wait. */
    public void handOut() {
        if (time.isOver(next)) {
            next = time.after(WorkerStatus.SHORTEST_PERIOD);
            if (outstanding.get() == 0) {
                outstanding.incrementAndGet();
                threads.execute(this::write);
            }
        }
    }

    private void write() {
        turn.lock();
        try {
            int missing = lost.getAndSet(0);
            if (missing > 0) {
                metrics.statusLost(missing);
                entries.lost();
            }
            for (WorkerStatus status : entries.due()) {
                send(status.key(), status);
            }
        } catch (RuntimeException e) {
            // Whatever it is: no delivery may feel it.
            failed(e);
        } finally {
            turn.unlock();
            outstanding.decrementAndGet();
        }
    }

    private void send(String key, @Nullable WorkerStatus status) {
        outstanding.incrementAndGet();
        try {
            var _ = producer().send(topic.record(key, status), (_, fault) -> {
                outstanding.decrementAndGet();
                if (fault == null) {
                    told = false;
                } else {
                    failed(fault);
                }
            });
        } catch (RuntimeException e) {
            outstanding.decrementAndGet();
            failed(e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> present = producer;
        if (present != null && broken) {
            present.close(Duration.ZERO);
            present = null;
        }
        if (present == null) {
            present = producers.get();
            producer = present;
            broken = false;
        }
        return present;
    }

    private void failed(Exception fault) {
        lost.incrementAndGet();
        if (fault instanceof RetriableException) {
            LOG.atDebug().addKeyValue("failure", fault.toString()).log("Kafka did not take a status of the worker");
            return;
        }
        broken = true;
        if (!told) {
            told = true;
            LOG.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("failure", fault.toString())
                    .log("The worker cannot say what it does now; it delivers all the same");
        }
    }

    /** Removes what the worker said, because it ends well. */
    @Override
    public void close() {
        boolean mine = false;
        try {
            mine = turn.tryLock(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS);
            Producer<byte[], byte[]> present = producer;
            if (mine && present != null) {
                List<String> keys = entries.keys();
                keys.forEach(key -> send(key, null));
                present.close(LAST_CHANCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("The last status of the worker stays until readers drop it");
        } finally {
            if (mine) {
                turn.unlock();
            }
        }
    }
}
