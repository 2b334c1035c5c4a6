package io.waybill.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the monitor's own section of the configuration says, key by key. */
final class MonitorSettingsTest {
    private static MonitorSettings read(String section) {
        String yaml = """
                kafka: { bootstrap.servers: "broker:9092" }
                schema.registry.url: http://registry:8081
                """;
        return WaybillConfig.parse("test", yaml + section, Overrides.NONE, List.of(MonitorSettings.SECTION))
                .of(MonitorSettings.SECTION);
    }

    @Test
    void shouldHaveADefaultForEveryKey() {
        assertThat(read("")).isEqualTo(new MonitorSettings(Duration.ofSeconds(1)));
    }

    @Test
    void shouldReadEveryKey() {
        assertThat(read("monitor: { tick: 250ms }")).isEqualTo(new MonitorSettings(Duration.ofMillis(250)));
    }
}
