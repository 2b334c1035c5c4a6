package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.runtime.wire.SchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker that starts while the schema registry is away. */
final class WrittenSchemasTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(WrittenSchemas.class);

    private final List<String> registered = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private int awayFor = 2;

    /** Answers as the registry behind it, as soon as it has been away often enough. */
    private SchemaRegistry registry() {
        var behind = new InMemorySchemaRegistry();
        return (SchemaRegistry) Proxy.newProxyInstance(
                SchemaRegistry.class.getClassLoader(), new Class<?>[] {SchemaRegistry.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("register")) {
                        if (awayFor-- > 0) {
                            throw new TimeoutException("the schema registry does not answer");
                        }
                        registered.add((String) arguments[0]);
                    }
                    return method.invoke(behind, arguments);
                });
    }

    @Test
    void shouldBeginNoWorkBeforeItCanReportOnIt() throws Exception {
        Topics topics = Topics.from(new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(registry()));

        WrittenSchemas.await(topics, () -> false, pauses::add, told::add);

        assertThat(pauses).hasSize(2);
        assertThat(told).containsOnly("the schema registry does not answer").hasSize(2);
        assertThat(warnings.lines()).hasSize(2);
        assertThat(registered)
                .containsExactlyInAnyOrder(
                        "file-events-value",
                        "transfer-ledger-value",
                        "delivery-index-value",
                        "controls-value",
                        "worker-status-value",
                        "dead-letters-value");
    }

    @Test
    void shouldStopWhenItIsToldToWhileItWaits() throws Exception {
        awayFor = Integer.MAX_VALUE;
        Topics topics = Topics.from(new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(registry()));

        WrittenSchemas.await(topics, () -> !pauses.isEmpty(), pauses::add, told::add);

        assertThat(registered).isEmpty();
    }
}
