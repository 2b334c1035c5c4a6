package io.waybill.state.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.state.index.FileCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The names in this text are names of internal topics and of directories: a change of them orphans state. */
final class TopologyShapeTest {
    @Test
    void shouldHaveTheApprovedShape() throws IOException {
        var config = PipelineUnderTest.config(Path.of("unused"), PipelineUnderTest.CONFIGURATION);
        var topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        var topology = new StateTopology(
                config,
                topics,
                new SimpleMeterRegistry(),
                new FileCounts(),
                new StateChangeListeners(),
                new Releases(ProcessClock.system()),
                ProcessClock.system());

        assertThat(withSortedStores(topology.get().describe().toString())).isEqualToNormalizingNewlines(approved());
    }

    /** The service may write no other changelogs. */
    @Test
    void shouldHaveAChangelogForEachStoreThatIsNamed() throws IOException {
        assertThat(Pattern.compile("stores: \\[([^]]*)]").matcher(approved()).results()
                .flatMap(stores -> Arrays.stream(stores.group(1).split(", ")))
                .filter(name -> !name.isEmpty() && !name.equals(StateTopology.GROUPS)))
                .containsExactlyInAnyOrderElementsOf(StateTopology.LOGGED_STORES);
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
