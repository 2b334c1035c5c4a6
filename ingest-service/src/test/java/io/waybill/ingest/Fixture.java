package io.waybill.ingest;

import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import io.waybill.ingest.IngestLoop.IngestParts;
import io.waybill.ingest.parked.ParkedObjects;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
        return route(name, new SourceFilter("outbound", prefix, ""));
    }

    /** The same, with a source of its own. */
    static Route route(String name, SourceFilter source) {
        return new Route(
                new RouteName(name), source, null, RetryPolicy.DEFAULT, Timeouts.DEFAULT, true,
                Route.DEFAULT_RETENTION);
    }

    /** An instance with one route that takes everything. */
    static IngestParts parts(Unrouted unrouted) {
        return new IngestParts(
                new Routing(List.of(route("all", ""))),
                topics(),
                NotificationKeys.AUTO,
                Lookups.Policy.DEFAULT,
                ParkedObjects.Policy.of(Duration.ofHours(24)),
                unrouted,
                IngestMetrics.NONE,
                ProcessClock.system());
    }

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] value) {
        return new ConsumerRecord<>(
                "waybill.s3-notifications", partition, offset, "k".getBytes(StandardCharsets.UTF_8), value);
    }

    static <K, V> V value(Topic<K, V> topic, ProducerRecord<byte[], byte[]> record) {
        return topic.value().deserializer().deserialize(topic.name(), record.value());
    }
}
