package io.waybill.runtime.audit;

import io.waybill.domain.audit.AuditRecord;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Reads the topic of the audit, partition by partition in the order of each chain. For one thread. */
public final class AuditReader implements AutoCloseable {
    private static final Duration SLICE = Duration.ofMillis(200);
    /** Without a single record: a large topic may take longer as a whole. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Topic<String, AuditRecord> topic;
    private final ProcessClock clock;
    private final Consumer<byte[], byte[]> consumer;

    public AuditReader(ClientSettings settings, Topics topics, ProcessClock clock) {
        this.topic = topics.audit();
        this.clock = clock;
        Map<String, Object> alone = settings.consumer();
        alone.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        alone.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        this.consumer = new KafkaConsumer<>(alone, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Takes what was read. */
    public interface Taker {
        /**
         * A record of the chain.
         *
         * @param key of the record in the topic
         */
        void read(int partition, long offset, @Nullable String key, AuditRecord record);

        /** A record that is none. */
        void unreadable(int partition, long offset, String why);
    }

    /** The numbers of all partitions. */
    public List<Integer> partitions() {
        return IntStream.range(0, topic.layout().partitions()).boxed().toList();
    }

    /** The partition that has the entries of a key. */
    public int partition(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(bytes)) % topic.layout().partitions();
    }

    /**
     * Reads partitions up to their present end.
     *
     * @param since from the first record of that time on; empty for all
     */
    public void read(Collection<Integer> numbers, Optional<Instant> since, Taker taker) {
        List<TopicPartition> partitions =
                numbers.stream().map(number -> new TopicPartition(topic.name(), number)).toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        seek(partitions, since, ends);
        long deadline = clock.after(SILENCE);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SLICE)) {
                deadline = clock.after(SILENCE);
                if (record.offset() < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L)) {
                    take(record, taker);
                }
            }
            if (clock.isOver(deadline)) {
                throw new TimeoutException("no answer within " + SILENCE.toSeconds() + " s");
            }
        }
    }

    private void seek(List<TopicPartition> partitions, Optional<Instant> since, Map<TopicPartition, Long> ends) {
        if (since.isEmpty() || since.get().isBefore(Instant.EPOCH)) {
            consumer.seekToBeginning(partitions);
            return;
        }
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, since.get().toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> firsts = consumer.offsetsForTimes(times);
        partitions.forEach(partition -> {
            @Nullable OffsetAndTimestamp first = firsts.get(partition);
            consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        });
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Taker taker) {
        AuditRecord value;
        try {
            value = topic.value().deserializer().deserialize(record.topic(), record.value());
        } catch (RuntimeException e) {
            if (!PoisonLetter.blames(e)) {
                throw e;
            }
            taker.unreadable(record.partition(), record.offset(), String.valueOf(e.getMessage()));
            return;
        }
        if (value == null) {
            taker.unreadable(record.partition(), record.offset(), "it is empty");
            return;
        }
        byte[] key = record.key();
        taker.read(
                record.partition(),
                record.offset(),
                key == null ? null : new String(key, StandardCharsets.UTF_8),
                value);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
