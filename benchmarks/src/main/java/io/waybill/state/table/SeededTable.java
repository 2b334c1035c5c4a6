package io.waybill.state.table;

import io.waybill.domain.Decision.Moved;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * A table of many files as the state-processor would have left it: its changelogs, written with its own rules and
 * serdes, but without its transactions. The first start restores the stores from them as after the loss of a disk.
 */
public final class SeededTable implements AutoCloseable {
    private static final Duration RETENTION = Duration.ofDays(90);
    private static final byte[] NOTHING = {};

    private final String application;
    private final Topics topics;
    private final int partitions;
    private final Rules rules;
    private final Producer<byte[], byte[]> producer;
    private final Serializer<HistoryKey> historyKeys = HistoryKey.serde().serializer();
    private final Serializer<HistoryEntry> historyEntries = HistoryEntry.serde().serializer();
    private final Serializer<DueKey> dueKeys = DueKey.serde().serializer();

    /**
     * @param service name of the state-processor
     */
    public SeededTable(String service, WaybillConfig config, Topics topics) {
        this.application = config.topics().prefix() + service;
        this.topics = topics;
        this.partitions = config.topics().filePartitions();
        this.rules = new Rules(config);
        var settings = new ClientSettings(config.kafka());
        try (var admin = Admin.create(settings.admin())) {
            var compacted = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            admin.createTopics(Set.of(StateTopology.FILES, StateTopology.HISTORY, StateTopology.EXPIRY).stream()
                    .map(store -> new NewTopic(changelog(store), partitions, (short) 1).configs(compacted))
                    .toList())
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
        Map<String, Object> properties = settings.producer();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        // An idempotent producer that is refused its first batch, because the topic is so new, never gets in step again.
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private String changelog(String store) {
        return application + "-" + store + "-changelog";
    }

    /** Adds a file to which these events happened, all at their own times. */
    public void add(List<FileEvent> events) {
        FileState file = null;
        for (FileEvent event : events) {
            if (!(rules.decide(file, event, event.at()) instanceof Moved(var after, _))) {
                throw new IllegalArgumentException("the rules do not move the file by " + event);
            }
            file = after;
            var key = new HistoryKey(file.id(), file.version());
            write(
                    StateTopology.HISTORY,
                    file.id(),
                    historyKeys.serialize("", key),
                    historyEntries.serialize("", HistoryEntry.of(event, file, "")));
        }
        if (file == null) {
            throw new IllegalArgumentException("no event is no file");
        }
        String topic = topics.fileState().name();
        write(
                StateTopology.FILES,
                file.id(),
                bytes(file.id()),
                topics.fileState().value().serializer().serialize(topic, file));
        if (file.status().terminal()) {
            var due = DueKey.of(file.changedAt().plus(RETENTION), file.id());
            write(StateTopology.EXPIRY, file.id(), dueKeys.serialize("", due), NOTHING);
        }
    }

    private void write(String store, FileId id, byte[] key, byte[] value) {
        // As file-events is partitioned: by the id alone, whatever the key of the store is.
        int partition = Utils.toPositive(Utils.murmur2(bytes(id))) % partitions;
        var _ = producer.send(new ProducerRecord<>(changelog(store), partition, key, value));
    }

    private static byte[] bytes(FileId id) {
        return id.value().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns once all of it is written. */
    @Override
    public void close() {
        producer.flush();
        producer.close();
    }
}
