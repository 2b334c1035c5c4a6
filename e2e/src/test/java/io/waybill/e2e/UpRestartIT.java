package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.FreePort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was put is delivered, though the process is killed at any moment. */
class UpRestartIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path directory;

    private final Map<String, byte[]> sent = new HashMap<>();
    private final Random random = new Random(7);

    /** The same at every start: what was about to be published at another address is in doubt. */
    private final String sftpPort = String.valueOf(FreePort.find());

    private LauncherProcess up(Path data) throws IOException {
        return LauncherProcess.start(directory.resolve("up.log"),
                CommandRun.commandLine("up", data, "--sftp-port", sftpPort, "--json"));
    }

    private void put(JsonNode ready, int from, int to) throws IOException {
        WaybillConfig config = WaybillConfig.load(
                Path.of(ready.path("config").asText()), Overrides.NONE, Services.sections());
        try (var store = ObjectStore.writer(config.s3())) {
            for (int i = from; i < to; i++) {
                byte[] content = new byte[i % 20 == 0 ? 5_000_000 : 10_000];
                random.nextBytes(content);
                String key = "batch/file " + i + ".bin";
                Path file = Files.write(directory.resolve("content"), content);
                store.put("inbox", key, file, Content.of(new ByteArrayInputStream(content)).sha256());
                sent.put(key, content);
            }
        }
    }

    @Test
    void shouldDeliverEverythingThatWasPutAroundAKill() throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        var delivered = new DeliveredFiles(data.resolve("sftp/files"));
        try (var first = up(data)) {
            put(JSON.readTree(first.awaitLine()), 0, 40);
            await("the first delivery").until(() -> !delivered.names().isEmpty());
            first.kill();
        }
        try (var second = up(data)) {
            put(JSON.readTree(second.awaitLine()), 40, 50);
            await("all deliveries").until(() -> delivered.names().size() >= sent.size());
            assertThat(delivered.names()).containsExactlyInAnyOrderElementsOf(sent.keySet());
            assertThat(delivered.differing(sent)).isEmpty();
            assertThatCheckWarnsOfARouteThatReceivesNothing(data);
            assertThat(second.terminate()).as("exit code after SIGTERM").isZero();
        }
    }

    /** In a stack that runs anyway. */
    private static void assertThatCheckWarnsOfARouteThatReceivesNothing(Path data) {
        var check = CommandRun.of(List.of("check", "--data", data.toString()));
        assertThat(check.exitCode()).isZero();
        assertThat(check.out()).doesNotContain("routes.inbox.source");

        var misspelt = CommandRun.of(List.of(
                "check", "--data", data.toString(), "--set", "routes.inbox.source.prefix=bathc/"));
        assertThat(misspelt.exitCode()).isZero();
        assertThat(misspelt.out())
                .contains("WARN  routes.inbox.source: the bucket 'inbox' has no object whose key begins with 'bathc/'");
    }
}
