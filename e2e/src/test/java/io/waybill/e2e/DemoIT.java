package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The demo delivers what is in a directory, once, and proves it. */
class DemoIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named(
            "org.apache.kafka.streams.processor.internals.ProcessorStateManager",
            "org.apache.kafka.streams.processor.internals.StreamThread",
            "org.apache.kafka.streams.processor.internals.TaskManager");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> NAMES = List.of(
            "plain.txt", "with space.txt", "plus+plus.txt", "100%25.txt", "ümläut.txt", "漢字/🚀.txt", "a/b/c/deep.txt");

    @TempDir
    Path directory;

    /** The same at every start: what was about to be published at another address is in doubt. */
    private final String sftpPort = String.valueOf(FreePort.find());

    Path data;
    Path files;
    int count;

    @BeforeEach
    void makeFiles() throws IOException {
        data = directory.resolve("data");
        files = Files.createDirectory(directory.resolve("files"));
        var random = new Random(42);
        for (String name : NAMES) {
            write(name, random, 1000);
        }
        for (int i = 0; i < 60; i++) {
            write("many/" + i + ".bin", random, random.nextInt(20_000));
        }
        write("empty", random, 0);
        write("large.bin", random, 20_000_000);
        count = NAMES.size() + 62;
    }

    private void write(String name, Random random, int size) throws IOException {
        byte[] content = new byte[size];
        random.nextBytes(content);
        Path file = files.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private JsonNode demo() throws IOException {
        CommandRun run = CommandRun.embedded(
                "demo", data, "--files", files.toString(), "--sftp-port", sftpPort, "--json", "--timeout", "4m");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        return JSON.readTree(run.lastLine());
    }

    @Test
    void shouldDeliverEverythingOnceAndThenOnlyWhatChanged() throws IOException {
        JsonNode first = demo();
        assertThat(first.path("files").asInt()).isEqualTo(count);
        assertThat(first.path("delivered").asInt()).isEqualTo(count);
        assertThat(first.path("unchanged").asInt()).isZero();
        assertThat(first.path("failed").asInt()).isZero();
        assertThat(first.path("bytes").asLong()).isGreaterThan(20_000_000);
        assertThat(first.path("seconds").isNumber()).isTrue();
        assertThat(first.path("verified").asBoolean()).isTrue();

        Files.writeString(files.resolve("plain.txt"), "changed");
        Files.writeString(files.resolve("new.txt"), "new");
        JsonNode second = demo();
        assertThat(second.path("files").asInt()).isEqualTo(count + 1);
        assertThat(second.path("delivered").asInt()).isEqualTo(2);
        assertThat(second.path("unchanged").asInt()).isEqualTo(count - 1);
        assertThat(second.path("failed").asInt()).isZero();
        assertThat(second.path("bytes").asInt()).isEqualTo(10);
        assertThat(second.path("verified").asBoolean()).isTrue();
    }

    @Test
    void shouldEndWithEverythingDeliveredWhenItIsKilledHalfWayAndRunAgain() throws IOException, InterruptedException {
        var delivered = new DeliveredFiles(data.resolve("sftp/files"));
        List<String> line = CommandRun.commandLine(
                "demo", data, "--files", files.toString(), "--sftp-port", sftpPort, "--json");
        try (var killed = LauncherProcess.start(directory.resolve("killed.log"), line)) {
            await("the first deliveries").until(() -> !delivered.names().isEmpty() || !killed.isAlive());
            killed.kill();
        }
        assertThat(delivered.names()).isNotEmpty();

        JsonNode second = demo();
        assertThat(second.path("files").asInt()).isEqualTo(count);
        assertThat(second.path("delivered").asInt() + second.path("unchanged").asInt()).isEqualTo(count);
        assertThat(second.path("verified").asBoolean()).isTrue();
        assertThat(delivered.names()).hasSize(count);
    }
}
