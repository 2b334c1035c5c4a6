package io.waybill.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.thread.SideThread;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.state.approval.ApprovalSettings;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The state-processor goes on without a thread beside it, and must not look healthy. No Kafka is there. */
@Timeout(60)
final class LostThreadTest {
    @RegisterExtension
    final CaughtWarnings errors = CaughtWarnings.of(SideThread.class);

    @TempDir
    private Path directory;

    /** As if the memory were gone at that moment. */
    private static Instant time() {
        if (Thread.currentThread().getName().equals("state-processor-halts")) {
            throw new OutOfMemoryError("no space for another pause");
        }
        return Instant.EPOCH;
    }

    @Test
    void shouldSayWhatItDoesNotDoAnyMore() throws Exception {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                streams: { stateDirectory: %s }
                http: { host: 127.0.0.1, port: 0, auth: none }
                """.formatted(directory),
                Overrides.NONE,
                List.of(ApprovalSettings.SECTION));
        var processor = new StateProcessor(
                config,
                Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry())),
                new SimpleMeterRegistry(),
                ProcessClock.of(LostThreadTest::time, System::nanoTime));
        var running = new FutureTask<>(() -> {
            processor.run();
            return true;
        });
        Thread.ofPlatform().start(running);
        try {
            await().untilAsserted(() -> assertThat(processor.check().detail())
                    .contains("does not remind of pauses")
                    .contains("no space for another pause"));
            assertThat(processor.check().state()).isEqualTo(Health.State.DOWN);
            assertThat(errors.lines()).singleElement().asString()
                    .contains("restart the process", "state-processor-halts");
        } finally {
            processor.close();
            assertThat(running.get()).isTrue();
        }
    }
}
