package io.waybill.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The names in this text are names of internal topics and of directories: a change of them orphans state. */
final class TopologyShapeTest {
    @Test
    void shouldHaveTheApprovedShape() throws IOException {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                """,
                Overrides.NONE,
                List.of(MonitorSettings.SECTION));
        var topology = new MonitorTopology(
                config,
                Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry())),
                DueIndex.Budget.DEFAULT,
                new MonitorMetrics(new SimpleMeterRegistry()),
                ProcessClock.system());

        assertThat(withSortedStores(topology.get().describe().toString())).isEqualToNormalizingNewlines(approved());
    }

    /** The service may write no other changelogs. */
    @Test
    void shouldHaveAChangelogForEachStoreThatIsNamed() throws IOException {
        assertThat(Pattern.compile("stores: \\[([^]]*)]").matcher(approved()).results()
                .flatMap(stores -> Arrays.stream(stores.group(1).split(", ")))
                .filter(name -> !name.isEmpty()))
                .containsExactlyInAnyOrderElementsOf(MonitorTopology.STORES);
    }

    /** Kafka Streams tells the stores of a processor in another order in each process. */
    private static String withSortedStores(String shape) {
        return Pattern.compile("stores: \\[(.*)]").matcher(shape).replaceAll(stores -> Arrays.stream(
                stores.group(1).split(", "))
                .sorted()
                .collect(Collectors.joining(", ", "stores: [", "]")));
    }

    private static String approved() throws IOException {
        try (var text = TopologyShapeTest.class.getResourceAsStream("topology.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
