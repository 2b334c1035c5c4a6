package io.waybill.devstack.servers;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Announces objects in a Kafka topic, which must exist. It retries an accepted announcement without end. */
final class KafkaNotifications implements NotificationSink, AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final Supplier<String> bootstrapServers;
    private final String topic;
    private @Nullable Producer<String, String> producer;

    /**
     * @param bootstrapServers this object asks for them when it starts
     */
    KafkaNotifications(Supplier<String> bootstrapServers, String topic) {
        this.bootstrapServers = Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        this.topic = Objects.requireNonNull(topic, "topic");
    }

    void start() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers.get(),
                "client.id", "embedded-s3",
                "acks", "all",
                "linger.ms", "2",
                "delivery.timeout.ms", Integer.MAX_VALUE,
                "enable.metrics.push", false);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    @Override
    public CompletionStage<?> send(String recordKey, String json) {
        var acknowledged = new CompletableFuture<@Nullable Void>();
        try {
            var _ = Objects.requireNonNull(producer, "not started")
                    .send(new ProducerRecord<>(topic, recordKey, json), (_, failure) -> {
                        if (failure == null) {
                            acknowledged.complete(null);
                        } else {
                            acknowledged.completeExceptionally(failure);
                        }
                    });
        } catch (KafkaException refused) { // thrown rather than reported: no metadata, closed producer
            acknowledged.completeExceptionally(refused);
        }
        return acknowledged;
    }

    /** Waits two seconds at most for announcements on their way. The next start announces the others again. */
    @Override
    public void close() {
        var closing = producer;
        producer = null;
        if (closing != null) {
            closing.close(CLOSE_LIMIT);
        }
    }
}
