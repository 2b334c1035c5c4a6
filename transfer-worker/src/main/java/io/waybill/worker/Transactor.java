package io.waybill.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes transactions: reports and positions become visible together or not at all. The only one that touches the
 * producer; one thread.
 */
final class Transactor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final BooleanSupplier impatient;
    private @Nullable Producer<byte[], byte[]> producer;

    /**
     * @param impatient whether to stop repeating what timed out, because the worker stops
     */
    Transactor(Supplier<Producer<byte[], byte[]>> producers, BooleanSupplier impatient) {
        this.producers = producers;
        this.impatient = impatient;
    }

    /** What became of a transaction. */
    enum End {
        /** All of it is visible. */
        COMMITTED,
        /** Nothing of it ever will be; it may be tried again. */
        ABORTED,
        /** Nobody knows until the committed positions are read again; the producer was replaced. */
        UNKNOWN
    }

    /** Fences whoever had the same transactional id before, and settles what he left open. */
    void open() {
        Producer<byte[], byte[]> opened = producers.get();
        producer = opened;
        repeating(opened::initTransactions);
    }

    /** Makes one transaction of the reports, all of which the ownership includes. */
    End transact(List<Report> reports, Ownership ownership) {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            throw new IllegalStateException("open() comes before transact()");
        }
        Map<PartitionProgress, Set<Long>> finished = finished(reports);
        try {
            current.beginTransaction();
            for (Report report : reports) {
                // A record that cannot be sent makes the commit fail.
                var _ = current.send(report.record());
            }
            current.sendOffsetsToTransaction(positions(finished), ownership.group());
            repeating(current::commitTransaction);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            return giveUp(current, e);
        }
        finished.forEach(PartitionProgress::finish);
        return End.COMMITTED;
    }

    private static Map<PartitionProgress, Set<Long>> finished(List<Report> reports) {
        Map<PartitionProgress, Set<Long>> finished = new HashMap<>();
        for (Report report : reports) {
            Set<Long> offsets = finished.computeIfAbsent(report.progress(), _ -> new HashSet<>());
            report.finished().ifPresent(offsets::add);
        }
        return finished;
    }

    /** Of every partition that has a report, even where it does not move: an owner of the past is refused by it. */
    private static Map<TopicPartition, OffsetAndMetadata> positions(Map<PartitionProgress, Set<Long>> finished) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        finished.forEach((progress, offsets) -> positions.put(progress.partition(),
                new OffsetAndMetadata(progress.positionAfter(offsets))));
        return positions;
    }

    /** A step that timed out may be under way: only the same step may follow it. */
    private void repeating(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException e) {
                if (impatient.getAsBoolean()) {
                    throw e;
                }
                LOG.atWarn().setCause(e).log("The brokers take long to answer a transaction; asking again");
            }
        }
    }

    private End giveUp(Producer<byte[], byte[]> current, RuntimeException cause) {
        try {
            current.abortTransaction();
            LOG.atWarn().setCause(cause).log("A transaction was aborted and will be tried again");
            return End.ABORTED;
        } catch (KafkaException | IllegalStateException e) {
            LOG.atWarn()
                    .addKeyValue("failure", e.toString())
                    .setCause(cause)
                    .log("A transaction ended in the unknown; the producer is replaced");
        }
        current.close(Duration.ZERO);
        producer = null;
        if (!impatient.getAsBoolean()) {
            open();
        }
        return End.UNKNOWN;
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> last = producer;
        if (last != null) {
            last.close(Duration.ofSeconds(5));
        }
    }
}
