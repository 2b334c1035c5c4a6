package io.waybill.state;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The newest part of a topic that people ask about: dead letters, or the audit. They ask seldom, so each question has a
 * client of its own. Safe for several threads.
 */
final class TopicTail<V> {
    private static final Duration SLICE = Duration.ofMillis(200);

    private final Topic<?, V> topic;
    private final ProcessClock clock;
    private final Duration patience;
    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /**
     * @param patience  how long one question may take
     * @param consumers of committed records, each for one question
     */
    TopicTail(
            Topic<?, V> topic,
            ProcessClock clock,
            Duration patience,
            Supplier<Consumer<byte[], byte[]>> consumers) {
        this.topic = topic;
        this.clock = clock;
        this.patience = patience;
        this.consumers = consumers;
    }

    /**
     * Hands over the records since an instant, in no order.
     *
     * @param most the most records that are read of one partition; the newest are
     * @return whether no record was left out; empty if Kafka does not answer in time, or refuses
     */
    Optional<Boolean> read(Instant since, int most, java.util.function.Consumer<V> taker) {
        try (var consumer = consumers.get()) {
            Set<TopicPartition> open = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .collect(Collectors.toCollection(HashSet::new));
            consumer.assign(open);
            // The client warns of answers about partitions that it is not to read.
            Map<TopicPartition, Long> ends = consumer.endOffsets(open);
            boolean complete = seek(consumer, ends, since, most);
            long deadline = clock.after(patience);
            open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            while (!open.isEmpty() && !clock.isOver(deadline)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SLICE)) {
                    value(record).ifPresent(taker);
                }
                open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
            return Optional.of(complete && open.isEmpty());
        } catch (KafkaException e) {
            // The process may have no right to read them.
            return Optional.empty();
        }
    }

    /** Goes to the first record to read in each partition. Returns false if records are left out. */
    private boolean seek(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Instant since, int most) {
        // Kafka refuses a time before its epoch, and an instant far from now is no number of milliseconds.
        Instant now = clock.instant();
        Instant begin = since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since.isAfter(now) ? now : since;
        var times = new HashMap<TopicPartition, Long>();
        ends.keySet().forEach(partition -> times.put(partition, begin.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(times);
        boolean complete = true;
        for (var end : ends.entrySet()) {
            @Nullable OffsetAndTimestamp first = firsts.get(end.getKey());
            long from = first == null ? end.getValue() : first.offset();
            complete &= end.getValue() - from <= most;
            consumer.seek(end.getKey(), Math.max(from, end.getValue() - most));
        }
        return complete;
    }

    private Optional<V> value(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(topic.value().deserializer().deserialize(record.topic(), record.value()));
        } catch (RuntimeException e) {
            // Whoever reads the topic by other means sees it. This list goes on without it.
            return Optional.empty();
        }
    }
}
