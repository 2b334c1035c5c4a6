package io.waybill.devstack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.time.ProcessClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StartProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long nanos;

    private StartProgress progress(boolean live, int columns) {
        var stream = new PrintStream(written, true, StandardCharsets.UTF_8);
        var terminal = new Terminal(stream, stream, false, live, false, columns);
        return new StartProgress(terminal, ProcessClock.of(() -> Instant.EPOCH, () -> nanos));
    }

    @Test
    void shouldSayWhatASlowStartWaitsFor() {
        try (var progress = progress(false, 100)) {
            progress.starting("schema registry");
            progress.starting("Kafka");
            progress.ready("Kafka", "127.0.0.1:9092");
            assertThat(progress.waiting()).isEmpty();
            nanos = Duration.ofSeconds(31).toNanos();
            assertThat(progress.waiting()).isEqualTo("waiting for schema registry since 30 s");
        }
    }

    @Test
    void shouldShowInOneLineWhatIsAwaited() {
        try (var progress = progress(true, 60)) {
            progress.start();
            progress.starting("schema registry");
            progress.starting("SFTP");
            await("the moving line")
                    .until(() -> written.toString(StandardCharsets.UTF_8).contains("schema registry, SFTP"));
            progress.starting("state-processor");
            progress.starting("timeout-monitor");
            assertThat(progress.waiting()).contains("…", "0.0 s").hasSizeLessThanOrEqualTo(60);
        }
    }
}
