package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the worker's own section of the configuration says, key by key. */
final class WorkerSettingsTest {
    private static WorkerSettings read(String section) {
        String yaml = """
                kafka: { bootstrap.servers: "broker:9092" }
                schema.registry.url: http://registry:8081
                """;
        return WaybillConfig.parse("test", yaml + section, Overrides.NONE, List.of(WorkerSettings.SECTION))
                .of(WorkerSettings.SECTION);
    }

    @Test
    void shouldHaveADefaultForEveryKey() {
        assertThat(read("")).isEqualTo(new WorkerSettings("worker-1", 1000, Duration.ofMillis(5)));
    }

    @Test
    void shouldReadEveryKey() {
        assertThat(read("worker: { id: w, span: 7, commitLinger: 0ms }"))
                .isEqualTo(new WorkerSettings("w", 7, Duration.ZERO));
    }
}
