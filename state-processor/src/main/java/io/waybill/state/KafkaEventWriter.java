package io.waybill.state;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileEvent;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.http.EventWriter;
import io.waybill.state.query.TableNotReadyException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes events with its own producer, because HTTP requests do not take part in the transactions of the stream. */
final class KafkaEventWriter implements EventWriter, AutoCloseable {
    private static final int DELIVERY_TIMEOUT_MILLIS = 10_000;
    private static final int REQUEST_TIMEOUT_MILLIS = 5_000;

    private final ClientSettings settings;
    private final Topics topics;
    private volatile @Nullable KafkaProducer<byte[], byte[]> producer;

    KafkaEventWriter(ClientSettings settings, Topics topics) {
        this.settings = settings;
        this.topics = topics;
    }

    /** Call this once, before the first request comes. */
    void start() {
        Map<String, Object> properties = settings.producer();
        // A client waits for the answer. After this time "not known" is an answer, too.
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "waybill-http-requests");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void write(FileEvent event) {
        send(topics.fileEvents().record(event.id(), event));
    }

    @Override
    public void write(ControlRecord record) {
        send(topics.controls().record(record.key(), record));
    }

    /** Writes a record, and waits until Kafka has it. */
    void send(ProducerRecord<byte[], byte[]> record) {
        KafkaProducer<byte[], byte[]> started = producer;
        if (started == null) {
            throw new TableNotReadyException("the state-processor has not started");
        }
        try {
            started.send(record).get();
        } catch (ExecutionException | KafkaException e) {
            throw new NotWrittenException("it is not known whether the request was written: " + Reasons.of(e), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        KafkaProducer<byte[], byte[]> started = producer;
        if (started != null) {
            started.close(Duration.ofSeconds(2));
        }
    }
}
