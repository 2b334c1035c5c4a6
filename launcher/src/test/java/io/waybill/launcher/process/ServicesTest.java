package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRegistration;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a process knows of the services. */
final class ServicesTest {
    private static final WaybillConfig CONFIG = WaybillConfig.parse(
            "test",
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            topics: { prefix: test. }
            """,
            Overrides.NONE,
            Services.sections());

    static Stream<ServiceRegistration> all() {
        return Services.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldKnowAServiceByTheNameThatItGivesItself(ServiceRegistration registration) {
        try (var serdes = DomainSerdes.from(CONFIG.serde());
                Service service = registration.create(
                        CONFIG,
                        Topics.from(CONFIG.topics(), serdes),
                        new SimpleMeterRegistry(),
                        ProcessClock.of(() -> Instant.EPOCH, () -> 0))) {
            assertThat(service.name()).isEqualTo(registration.name());
        }
        assertThat(Services.of(registration.name())).contains(registration);
    }

    /** Topics, consumer groups and dashboards hold these names. */
    @Test
    void shouldKeepItsNames() {
        assertThat(Services.names())
                .containsExactly("ingest-service", "state-processor", "transfer-worker", "timeout-monitor",
                        "audit-service");
        assertThat(Services.applications(CONFIG)).containsExactly(
                "test.state-processor", "test.timeout-monitor", "test.audit-service");
        assertThat(Services.except("transfer-worker"))
                .extracting(ServiceRegistration::name)
                .containsExactly("ingest-service", "state-processor", "timeout-monitor", "audit-service");
        assertThat(Services.of("broker")).isEmpty();
    }
}
