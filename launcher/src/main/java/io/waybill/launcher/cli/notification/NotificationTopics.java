package io.waybill.launcher.cli.notification;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.launcher.environment.CommandException;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.AdminAnswer;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics from which ingest reads, for the commands. For one thread. */
final class NotificationTopics implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ASKING_MILLIS = 15_000;
    private static final Duration SLICE = Duration.ofMillis(200);

    private final WaybillConfig config;
    private final ProcessClock clock;
    private final DomainSerdes serdes;
    private final Topics topics;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;

    /** What Kafka has of a partition, and where ingest stands in it. */
    record Partition(int number, long start, long end, Optional<Long> group) {
        /** How many records are gone that ingest has not read. */
        long lost() {
            return group.map(offset -> Math.max(0, start - offset)).orElse(0L);
        }
    }

    /** A record that ingest reads again. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Found(byte[] key, byte[] value, String from) {}

    NotificationTopics(WaybillConfig config, ProcessClock clock) {
        this.config = config;
        this.clock = clock;
        serdes = DomainSerdes.from(config.serde());
        topics = Topics.from(config.topics(), serdes);
        Map<String, Object> asking = new HashMap<>(new ClientSettings(config.kafka()).admin());
        asking.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ASKING_MILLIS);
        asking.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ASKING_MILLIS);
        admin = Admin.create(asking);
        Map<String, Object> settings = new HashMap<>(new ClientSettings(config.kafka()).consumer());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private String group() {
        return config.topics().prefix() + "ingest";
    }

    /** All partitions of the notifications. */
    List<Partition> partitions() {
        List<TopicPartition> all = all(topics.s3Notifications());
        // The client warns of answers about partitions that it is not to read.
        consumer.assign(all);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<TopicPartition, OffsetAndMetadata> group = AdminAnswer.of(
                admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata());
        return all.stream()
                .map(one -> new Partition(
                        one.partition(),
                        starts.getOrDefault(one, 0L),
                        ends.getOrDefault(one, 0L),
                        Optional.ofNullable(group.get(one)).map(OffsetAndMetadata::offset)))
                .toList();
    }

    private static List<TopicPartition> all(Topic<?, ?> topic) {
        return IntStream.range(0, topic.layout().partitions())
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
    }

    /**
     * The partition of a place.
     *
     * @throws CommandException if there is none, or its end is before the place
     */
    Partition partition(Place place) {
        int count = topics.s3Notifications().layout().partitions();
        if (place.partition() >= count) {
            throw CommandException.usage("--record: expected a partition from 0 to " + (count - 1) + ", was "
                    + place.partition());
        }
        Partition found = partitions().get(place.partition());
        if (place.offset() >= found.end()) {
            throw CommandException.usage("--record: partition " + place.partition() + " of "
                    + topics.s3Notifications().name() + " ends at offset " + found.end() + ", was " + place.offset());
        }
        return found;
    }

    /** The notification of a place; from its dead letter, if Kafka has removed the notification itself. */
    Optional<Found> find(Place place, Partition partition) {
        return place.offset() >= partition.start()
                ? notification(place).or(() -> inLetters(place))
                : inLetters(place);
    }

    private Optional<Found> notification(Place place) {
        var partition = new TopicPartition(topics.s3Notifications().name(), place.partition());
        consumer.assign(List.of(partition));
        consumer.seek(partition, place.offset());
        long deadline = clock.after(LIMIT);
        while (consumer.position(partition) <= place.offset()) {
            for (ConsumerRecord<byte[], byte[]> record : poll(deadline)) {
                if (record.offset() == place.offset()) {
                    return Optional.of(new Found(record.key(), record.value(), record.topic()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> inLetters(Place place) {
        String origin = topics.s3Notifications().name() + "-" + place;
        List<TopicPartition> partitions = all(topics.deadLetters());
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.seekToBeginning(partitions);
        long deadline = clock.after(LIMIT);
        var found = new ArrayList<Found>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : poll(deadline)) {
                letter(record)
                        .filter(letter -> letter.origin().equals(origin))
                        .ifPresent(letter -> found.add(new Found(letter.key(), letter.value(), record.topic())));
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
    }

    private Optional<Poison> letter(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = topics.deadLetters().value().deserializer().deserialize(record.topic(), record.value());
        return letter instanceof Poison poison ? Optional.of(poison) : Optional.empty();
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll(long deadline) {
        if (clock.isOver(deadline)) {
            throw new TimeoutException("no answer within " + LIMIT.toSeconds() + " s");
        }
        return consumer.poll(SLICE);
    }

    /** Writes a notification again. Returns its new place. */
    Place write(Found found) {
        return send(new ProducerRecord<>(topics.s3Notifications().name(), found.key(), found.value()));
    }

    /** Asks ingest to go past a notification. */
    void write(Skip skip) {
        var record = topics.ingestRetry().record(skip.entryKey(), skip);
        var _ = send(new ProducerRecord<>(record.topic(), skip.place().partition(), record.key(), record.value()));
    }

    private Place send(ProducerRecord<byte[], byte[]> record) {
        var serializer = new ByteArraySerializer();
        try (var producer =
                new KafkaProducer<>(new ClientSettings(config.kafka()).producer(), serializer, serializer)) {
            var written = producer.send(record).get();
            return new Place(written.partition(), written.offset());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Moves the group to the oldest records that are left. Kafka refuses it while ingest runs.
     *
     * @param partitions those that have lost records
     */
    void moveToStart(List<Partition> partitions) {
        var offsets = new TreeMap<TopicPartition, OffsetAndMetadata>(
                (one, other) -> Integer.compare(one.partition(), other.partition()));
        partitions.forEach(one -> offsets.put(
                new TopicPartition(topics.s3Notifications().name(), one.number()), new OffsetAndMetadata(one.start())));
        AdminAnswer.of(admin.alterConsumerGroupOffsets(group(), offsets).all());
    }

    @Override
    public void close() {
        try (serdes;
                admin) {
            consumer.close();
        }
    }
}
