package io.waybill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot start says so in one line, with exit code 2, before anything runs. */
class BadStartIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--kafka-port", "--s3-port", "--sftp-port", "--registry-port", "--http-port"})
    void shouldNameTheBusyPortAndItsFlag(String flag) throws IOException {
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(busy.getLocalPort());
            CommandRun run = CommandRun.embedded("up", directory.resolve("data"), flag, port);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err().lines()).singleElement().asString().contains("port " + port, "in use", flag);
            assertThat(run.out()).isEmpty();
            assertThat(directory.resolve("data/kafka")).doesNotExist();
        }
    }

    @Test
    void shouldSayThatTheEmbeddedStackTakesNoDirectory() throws IOException {
        Path several = Files.createDirectory(directory.resolve("several"));
        CommandRun run = CommandRun.embedded("up", directory.resolve("data"), "--config", several.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains(several.toString(), "takes one file");
    }

    @Test
    void shouldSayThatTheDataDirectoryIsNone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        CommandRun run = CommandRun.embedded("up", file);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains("data directory", "--data");
    }

    @Test
    void shouldFindFaultsOfTheConfigurationBeforeAnythingStarts() throws IOException {
        Path file = Files.writeString(directory.resolve("mine.yaml"), """
                routes:
                  invoices: { source: { bucket: a }, deliver: { destination: partmer } }
                """);
        CommandRun run = CommandRun.embedded("up", directory.resolve("data"), "--config", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("mine.yaml:2", "there is no destination 'partmer'; did you mean 'partner'?")
                .doesNotContain("\tat ");
        assertThat(directory.resolve("data")).doesNotExist();
    }
}
