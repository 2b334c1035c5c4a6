package io.waybill.runtime.config.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.runtime.CaughtLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class ConfigWatchTest {
    @RegisterExtension
    final CaughtLogs silenced = CaughtLogs.of(ConfigWatch.class);

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(ConfigWatch.class);

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(logged);
    }

    @Test
    void shouldSayOnceThatTheFilesHaveChanged() throws IOException {
        ConfigFiles.Origin origin = origin();
        try (var watch = new ConfigWatch(Optional.of(origin), meters)) {
            watch.look(origin, false);
            assertThat(stale()).isZero();
            watch.look(origin, true);
            watch.look(origin, true);
            assertThat(stale()).isOne();
            assertThat(logged.list).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getMessage()).contains("restart the process to apply it");
            });

            watch.look(origin, false);
            assertThat(stale()).isZero();
        }
    }

    @Test
    void shouldLookByItself() throws IOException {
        ConfigFiles.Origin origin = origin();
        Files.writeString(directory.resolve("a.yaml"), "2");
        try (var watch = new ConfigWatch(Optional.of(origin), meters)) {
            watch.start();
            await().until(() -> stale() == 1);
        }
        assertThat(logged.list).hasSize(1);
    }

    @Test
    void shouldNotChangeWithoutFiles() {
        try (var watch = new ConfigWatch(Optional.empty(), meters)) {
            watch.start();
            assertThat(stale()).isZero();
        }
    }

    private ConfigFiles.Origin origin() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), "1");
        return ConfigFiles.read(directory).origin();
    }

    private double stale() {
        return meters.get("waybill.config.stale").gauge().value();
    }
}
