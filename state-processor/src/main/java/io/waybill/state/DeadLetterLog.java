package io.waybill.state;

import io.waybill.domain.DeadLetter;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.http.DeadLetterRoute;
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

/** The topic of dead letters. People ask seldom, so each question has a client of its own. Safe for several threads. */
final class DeadLetterLog implements DeadLetterRoute.Letters {
    private static final Duration SLICE = Duration.ofMillis(200);

    private final Topic<byte[], DeadLetter> letters;
    private final ProcessClock clock;
    private final Duration patience;
    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /**
     * @param patience  how long one question may take
     * @param consumers of committed records, each for one question
     */
    DeadLetterLog(
            Topics topics, ProcessClock clock, Duration patience, Supplier<Consumer<byte[], byte[]>> consumers) {
        this.letters = topics.deadLetters();
        this.clock = clock;
        this.patience = patience;
        this.consumers = consumers;
    }

    @Override
    public Optional<Boolean> read(Instant since, int most, java.util.function.Consumer<DeadLetter> taker) {
        try (var consumer = consumers.get()) {
            Set<TopicPartition> open = consumer.partitionsFor(letters.name()).stream()
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
                    letter(record).ifPresent(taker);
                }
                open.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
            return Optional.of(complete && open.isEmpty());
        } catch (KafkaException e) {
            // The process may have no right to read them.
            return Optional.empty();
        }
    }

    /** Goes to the first letter to read in each partition. Returns false if letters are left out. */
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

    private Optional<DeadLetter> letter(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(letters.value().deserializer().deserialize(record.topic(), record.value()));
        } catch (RuntimeException e) {
            // Whoever reads the letters by other means sees it. This list goes on without it.
            return Optional.empty();
        }
    }
}
