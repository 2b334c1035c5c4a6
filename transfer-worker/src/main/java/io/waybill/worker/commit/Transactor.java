package io.waybill.worker.commit;

import io.waybill.domain.LedgerMark;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes transactions, one after another. Entries, marks and positions become visible together or not at all. No other class
 * uses the producers. One thread.
 */
public final class Transactor implements AutoCloseable {
    /** The most expired entries of an index that one transaction removes. */
    private static final int MOST_SWEPT = 500;

    /**
     * The producers are used in turn. The next transaction of a producer waits until the markers of its last transaction
     * are written everywhere; another producer does not wait.
     */
    static final int PRODUCERS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);

    private final IntFunction<Producer<byte[], byte[]>> factory;
    private final LedgerRecords ledger;
    private final BooleanSupplier impatient;
    private final FencingGuard fencing;
    private final List<Producer<byte[], byte[]>> producers = new ArrayList<>();
    private int turn;

    /**
     * @param factory   makes the producer with a number below {@link #PRODUCERS}; each has its own transactional id
     * @param impatient true if the worker is stopping; then a step that timed out is not repeated
     */
    public Transactor(IntFunction<Producer<byte[], byte[]>> factory, LedgerRecords ledger, BooleanSupplier impatient) {
        this(factory, ledger, impatient, FencingGuard.NONE);
    }

    /** The same, but ends when another process uses the same transactional ids. */
    public Transactor(
            IntFunction<Producer<byte[], byte[]>> factory,
            LedgerRecords ledger,
            BooleanSupplier impatient,
            FencingGuard fencing) {
        this.factory = factory;
        this.ledger = ledger;
        this.impatient = impatient;
        this.fencing = fencing;
    }

    /** The outcome of a transaction. */
    public enum End {
        /** Everything in it is visible. */
        COMMITTED,
        /** Nothing in it will ever be visible. It may be tried again. */
        ABORTED,
        /** The outcome is unknown until the ledgers are read again. The producer was replaced. */
        UNKNOWN
    }

    /** Fences any earlier process with the same transactional ids, and settles its open transactions. */
    public void open() {
        for (int number = 0; number < PRODUCERS; number++) {
            producers.add(opened(number));
        }
    }

    private Producer<byte[], byte[]> opened(int number) {
        Producer<byte[], byte[]> producer = factory.apply(number);
        try {
            repeating(producer::initTransactions);
            return producer;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Makes one transaction of the entries. The ownership must include all of them. */
    public End transact(List<CommitEntry> entries, Ownership ownership) {
        Producer<byte[], byte[]> producer = producers.get(turn);
        Map<PartitionProgress, Set<Long>> finished = finished(entries);
        Map<PartitionProgress, LedgerMark.Position> positions = new LinkedHashMap<>();
        finished.forEach((progress, offsets) -> positions.put(progress, ledger.positionOf(progress, offsets)));
        Map<PartitionProgress, List<IndexUpdate>> indexed = indexed(entries);
        fencing.begin();
        try {
            producer.beginTransaction();
            send(producer, entries, indexed, positions);
            // The group coordinator refuses the offsets of a former owner. By then all its records must be in the log, so
            // that a reader that afterwards reads the ledger to its end cannot miss them.
            producer.flush();
            producer.sendOffsetsToTransaction(offsets(positions), ownership.group());
            repeating(producer::commitTransaction);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            return giveUp(producer, e);
        }
        finished.forEach(PartitionProgress::finish);
        positions.forEach(PartitionProgress::committed);
        indexed.forEach((progress, updates) -> updates.forEach(progress.ledger()::apply));
        entries.forEach(entry -> entry.update().ifPresent(entry.progress().ledger()::apply));
        turn = (turn + 1) % PRODUCERS;
        return End.COMMITTED;
    }

    private static Map<PartitionProgress, Set<Long>> finished(List<CommitEntry> entries) {
        Map<PartitionProgress, Set<Long>> finished = new LinkedHashMap<>();
        for (CommitEntry entry : entries) {
            Set<Long> offsets = finished.computeIfAbsent(entry.progress(), _ -> new HashSet<>());
            entry.finished().ifPresent(offsets::add);
        }
        return finished;
    }

    /** Expired entries go first, so that an entry that this transaction writes is not removed again. */
    private static Map<PartitionProgress, List<IndexUpdate>> indexed(List<CommitEntry> entries) {
        Map<PartitionProgress, List<IndexUpdate>> indexed = new LinkedHashMap<>();
        for (CommitEntry entry : entries) {
            entry.sweep().ifPresent(now -> indexed
                    .computeIfAbsent(entry.progress(), progress -> swept(progress, now)));
        }
        for (CommitEntry entry : entries) {
            if (!entry.indexed().isEmpty()) {
                indexed.computeIfAbsent(entry.progress(), _ -> new ArrayList<>()).addAll(entry.indexed());
            }
        }
        return indexed;
    }

    /**
     * Runs on the committing thread. So no other thread can have renewed an entry meanwhile without this one knowing it.
     */
    private static List<IndexUpdate> swept(PartitionProgress progress, Instant now) {
        return new ArrayList<>(progress.ledger().index().expired(now, MOST_SWEPT).stream()
                .map(IndexUpdate::clear)
                .toList());
    }

    private void send(
            Producer<byte[], byte[]> producer,
            List<CommitEntry> entries,
            Map<PartitionProgress, List<IndexUpdate>> indexed,
            Map<PartitionProgress, LedgerMark.Position> positions) {
        // If a record cannot be sent, the commit fails.
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (CommitEntry entry : entries) {
            records.addAll(entry.records());
            entry.update().ifPresent(update -> records.add(ledger.record(entry.progress(), update)));
        }
        indexed.forEach((progress, updates) -> updates.forEach(update -> records.add(ledger.record(progress, update))));
        positions.forEach((progress, position) -> records.add(ledger.record(progress, position)));
        for (ProducerRecord<byte[], byte[]> record : records) {
            var _ = producer.send(record);
        }
    }

    /**
     * The offsets of every partition that has an entry, even if the position does not move: the coordinator refuses a
     * former owner because of them.
     */
    private static Map<TopicPartition, OffsetAndMetadata> offsets(
            Map<PartitionProgress, LedgerMark.Position> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        positions.forEach(
                (progress, position) -> offsets.put(progress.partition(), new OffsetAndMetadata(position.next())));
        return offsets;
    }

    /** A step that timed out may still be under way. Only the same step may follow it. */
    private void repeating(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException e) {
                if (impatient.getAsBoolean()) {
                    throw e;
                }
                LOG.atWarn().setCause(e).log("The brokers take long to answer a transaction; the worker asks again");
            }
        }
    }

    private End giveUp(Producer<byte[], byte[]> producer, RuntimeException cause) {
        List<RuntimeException> refusals = new ArrayList<>(List.of(cause));
        try {
            producer.abortTransaction();
            LOG.atWarn().setCause(cause).log("A transaction was aborted; the worker tries again");
            return End.ABORTED;
        } catch (KafkaException | IllegalStateException e) {
            LOG.atWarn()
                    .addKeyValue("failure", e.toString())
                    .setCause(cause)
                    .log("The outcome of a transaction is unknown; the worker replaces the producer");
            refusals.add(e);
        }
        producer.close(Duration.ZERO);
        fencing.failed(refusals);
        if (!impatient.getAsBoolean()) {
            producers.set(turn, opened(turn));
        }
        return End.UNKNOWN;
    }

    @Override
    public void close() {
        producers.forEach(producer -> producer.close(Duration.ofSeconds(5)));
    }
}
