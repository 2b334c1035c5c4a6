package io.waybill.runtime.ledger;

import static java.util.Objects.requireNonNull;

import io.waybill.domain.LedgerMark;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads partitions of the ledger from their beginning to the current high watermark. Records that an open transaction
 * will commit are below that mark, so the reading waits until the transaction is over: a former owner may have passed
 * the group coordinator with it. Not for several threads.
 */
public final class LedgerReading {
    /**
     * How long a reading may take. It is twice the time that a worker's transaction may stay open and be found open,
     * and half of the time that a tombstone is kept. So a reading that has seen a mark cannot miss the mark's
     * tombstone.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration SLICE = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Topic<String, LedgerMark> ledger;
    private final Optional<IndexReading> index;
    private final String work;
    private final ClusterFacts facts;
    private final ProcessClock time;

    /**
     * @param consumer reads committed records only, is in no group, and is used for nothing else during a reading;
     *                 closed by the caller
     */
    public LedgerReading(
            Consumer<byte[], byte[]> consumer, Topics topics, ClusterFacts facts, ProcessClock time) {
        this(consumer, topics, Optional.empty(), facts, time);
    }

    private LedgerReading(
            Consumer<byte[], byte[]> consumer,
            Topics topics,
            Optional<IndexReading> index,
            ClusterFacts facts,
            ProcessClock time) {
        this.consumer = consumer;
        this.index = index;
        this.ledger = topics.transferLedger();
        this.work = topics.transferWork().name();
        this.facts = facts;
        this.time = time;
    }

    /** As the constructor, and reads the delivery index beside the ledger. */
    public static LedgerReading withIndex(
            Consumer<byte[], byte[]> consumer, Topics topics, ClusterFacts facts, ProcessClock time) {
        return new LedgerReading(
                consumer, topics, Optional.of(new IndexReading(topics.deliveryIndex(), facts)), facts, time);
    }

    /**
     * Reads some partitions, and returns the view of each, by number.
     *
     * @throws TimeoutException if it takes longer than {@link #PATIENCE}; nothing is known then
     * @throws org.apache.kafka.common.KafkaException if the brokers or the schema registry do not answer
     */
    public Map<Integer, LedgerView> read(Set<Integer> partitions) {
        Map<Integer, LedgerView> views = read(partitions, PATIENCE);
        if (views.size() < partitions.size()) {
            throw new TimeoutException("reading " + ledger.name() + " to its end took longer than "
                    + PATIENCE.toSeconds() + " s in partitions "
                    + partitions.stream().filter(number -> !views.containsKey(number)).sorted().toList()
                    + "; is a transaction open there, or the cluster slow?");
        }
        return views;
    }

    /**
     * As {@link #read(Set)}, but leaves out partitions that are not read to their end in time.
     *
     * @param patience no longer than {@link #PATIENCE}
     */
    public Map<Integer, LedgerView> read(Set<Integer> partitions, Duration patience) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        long deadline = time.after(patience);
        // Before the ledger: everything trimmed or committed to the group by now is below the position that is read
        // later.
        Map<Integer, Bounds> begins = facts.bounds(work, partitions);
        Map<Integer, Long> group = facts.groupOffsets(partitions);
        Map<Integer, LedgerPartition> found = begun(partitions);
        index.ifPresent(reading -> reading.begin(partitions));
        try {
            found.keySet().removeAll(unread(found, deadline));
        } finally {
            consumer.assign(Set.of());
        }
        // After the ledger: a position that was read cannot be above an end that is asked for now.
        Home home = facts.home();
        Map<Integer, Bounds> ends = facts.bounds(work, partitions);
        var views = new TreeMap<Integer, LedgerView>();
        found.forEach((number, partition) -> {
            Long committed = group.get(number);
            views.put(number, partition.judged(
                    work,
                    home,
                    new Bounds(bounds(begins, number).start(), bounds(ends, number).end()),
                    committed == null ? OptionalLong.empty() : OptionalLong.of(committed),
                    index.map(reading -> reading.finish(number)).orElseGet(DeliveryIndex::new)));
        });
        return views;
    }

    private Bounds bounds(Map<Integer, Bounds> all, int number) {
        return requireNonNull(all.get(number), work);
    }

    private Map<Integer, LedgerPartition> begun(Set<Integer> partitions) {
        var found = new HashMap<Integer, LedgerPartition>();
        facts.bounds(ledger.name(), partitions)
                .forEach((number, bounds) -> found.put(number, new LedgerPartition(number, bounds)));
        return found;
    }

    /** Reads, and returns the numbers of the partitions that are not at their end in time. */
    private Set<Integer> unread(Map<Integer, LedgerPartition> found, long deadline) {
        Set<TopicPartition> open = new HashSet<>();
        found.keySet().forEach(number -> open.add(new TopicPartition(ledger.name(), number)));
        Set<TopicPartition> ledgers = Set.copyOf(open);
        Map<TopicPartition, Long> indexes = index.map(reading -> reading.positions(found.keySet())).orElse(Map.of());
        open.addAll(indexes.keySet());
        consumer.assign(open);
        consumer.seekToBeginning(ledgers);
        indexes.forEach(consumer::seek);
        open.removeIf(partition -> atEnd(partition, found, deadline));
        while (!open.isEmpty() && !time.isOver(deadline)) {
            // A partition at its end is read further: records committed meanwhile do no harm.
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SLICE)) {
                take(record, found);
            }
            open.removeIf(partition -> atEnd(partition, found, deadline));
        }
        return open.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Map<Integer, LedgerPartition> found) {
        if (record.topic().equals(ledger.name())) {
            partition(found, record.partition())
                    .take(record, ledger.key().deserializer(), ledger.value().deserializer());
        } else {
            index.ifPresent(reading -> reading.take(record));
        }
    }

    private boolean atEnd(TopicPartition partition, Map<Integer, LedgerPartition> found, long deadline) {
        Duration left = time.until(deadline);
        if (!left.isPositive()) {
            return false;
        }
        long position = consumer.position(partition, left);
        return partition.topic().equals(ledger.name())
                ? position >= partition(found, partition.partition()).end()
                : index.isEmpty() || index.get().reached(partition.partition(), position);
    }

    private static LedgerPartition partition(Map<Integer, LedgerPartition> found, int number) {
        return requireNonNull(found.get(number), "nothing else was assigned");
    }
}
