package io.waybill.runtime.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DomainSerdesTest {
    private static final FileEvent EVENT = new Started(
            new FileId("abcdefghijklmnopqrstuvwxyz"),
            Instant.parse("2026-03-02T08:15:30Z"),
            Stage.DELIVERY,
            Attempt.FIRST,
            "worker-1");

    /** Kafka makes the classes by name, so what they were told can only be left here. */
    private static final Map<String, Object> TOLD = new ConcurrentHashMap<>();

    private static final InMemorySchemaRegistry REGISTRY = new InMemorySchemaRegistry();

    @Test
    void shouldUseTheClassesOfTheConfigurationAndTellThemEverySetting() {
        var properties = Map.of(
                "schema.registry.url", "http://localhost:1",
                "some.setting", "of theirs",
                "avro.serializer.class", OtherSerializer.class.getName(),
                "avro.deserializer.class", OtherDeserializer.class.getName());
        try (var serdes = DomainSerdes.from(properties)) {
            byte[] bytes = serdes.fileEvent().serializer().serialize("file-events", EVENT);
            assertThat(serdes.fileEvent().deserializer().deserialize("file-events", bytes)).isEqualTo(EVENT);
        }
        assertThat(TOLD)
                .containsAllEntriesOf(properties)
                .containsEntry("specific.avro.reader", "true")
                .containsEntry("closed", "both");
    }

    @Test
    void shouldWriteATombstoneForNull() {
        try (var serdes = DomainSerdes.of(REGISTRY)) {
            assertThat(serdes.fileState().serializer().serialize("file-state", null)).isNull();
            assertThat(serdes.fileState().deserializer().deserialize("file-state", null)).isNull();
        }
    }

    /** Stands for Confluent's. */
    public static final class OtherSerializer implements Serializer<Object> {
        private final RegistryAvroSerializer ours = new RegistryAvroSerializer(REGISTRY);

        @Override
        public void configure(Map<String, ?> properties, boolean isKey) {
            TOLD.putAll(properties);
        }

        @Override
        public byte @Nullable [] serialize(String topic, @Nullable Object value) {
            return ours.serialize(topic, value);
        }

        @Override
        public void close() {
            TOLD.put("closed", "one");
        }
    }

    /** Stands for Confluent's. */
    public static final class OtherDeserializer implements Deserializer<Object> {
        private final RegistryAvroDeserializer ours = new RegistryAvroDeserializer(REGISTRY);

        @Override
        public @Nullable Object deserialize(String topic, byte @Nullable [] bytes) {
            return ours.deserialize(topic, bytes);
        }

        @Override
        public void close() {
            TOLD.put("closed", "both");
        }
    }
}
