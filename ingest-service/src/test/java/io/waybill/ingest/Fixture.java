package io.waybill.ingest;

import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Routes, topics and records that the tests share. */
final class Fixture {
    static final Instant NOW = Instant.parse("2026-03-02T08:16:00Z");

    private Fixture() {}

    static Topics topics() {
        return Topics.from(
                new TopicSettings("waybill.", 12, 24, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    }

    /** A hosted drop that takes everything of bucket "outbound" below a prefix. */
    static Route route(String name, String prefix) {
        return new Route(
                new RouteName(name),
                new SourceFilter("outbound", prefix, ""),
                null,
                RetryPolicy.DEFAULT,
                Timeouts.DEFAULT,
                true,
                Route.DEFAULT_RETENTION);
    }

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] value) {
        return new ConsumerRecord<>(
                "waybill.s3-notifications", partition, offset, "k".getBytes(StandardCharsets.UTF_8), value);
    }

    static <K, V> V value(Topic<K, V> topic, ProducerRecord<byte[], byte[]> record) {
        return topic.value().deserializer().deserialize(topic.name(), record.value());
    }
}
