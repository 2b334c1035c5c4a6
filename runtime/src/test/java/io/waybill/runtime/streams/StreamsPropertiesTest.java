package io.waybill.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class StreamsPropertiesTest {
    /** Twice that, and the time that a restore takes, is the longest that no instance answers for a killed one's files. */
    @Test
    void shouldGiveTheFilesOfAKilledInstanceAwaySoonWhateverTheOperatorSets() {
        Properties properties = properties("""
                kafka: { bootstrap.servers: "broker:9092", session.timeout.ms: 45000, transaction.timeout.ms: 60000 }
                schema.registry.url: http://registry:8081
                """);

        assertThat(properties)
                .containsEntry("consumer.session.timeout.ms", 10_000)
                .containsEntry("producer.transaction.timeout.ms", 10_000);
    }

    private static Properties properties(String yaml) {
        var config = WaybillConfig.parse("waybill.yaml", yaml, Overrides.NONE, List.of());
        var topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        var poison = new PoisonHandler.Destination(
                "state-processor", topics.deadLetters(), new SimpleMeterRegistry(), () -> Instant.EPOCH);
        return StreamsProperties.of("state-processor", config, poison, Map.of());
    }
}
