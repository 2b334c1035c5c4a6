package io.waybill.devstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.runtime.time.ProcessClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevstackCommandsTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        var environment = new ProcessEnvironment(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                100,
                Map.of(),
                directory,
                ProcessClock.of(() -> Instant.EPOCH, () -> 0),
                new Interruption());
        return new CommandLineInterface(environment, DevstackCommands::of).run(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "demo"})
    void shouldExplainTheStacksCommandsWithExamplesAndExitCodes(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out())
                .contains("Usage: waybill " + command, "Examples:", "  waybill " + command, "Exit codes:",
                        "--config=FILE");
        assertThat(out().lines()).allMatch(line -> line.length() <= 110);
        assertThat(err()).isEmpty();
    }

    @Test
    void shouldListTheStacksCommandsBeforeThoseOfTheProduct() {
        assertThat(run("--help")).isZero();
        assertThat(out()).containsSubsequence("\n  up ", "\n  demo ", "\n  send ");
    }

    @Test
    void shouldRefuseAPortThatIsNoNumber() {
        assertThat(run("up", "--kafka-port", "x")).isEqualTo(2);
        assertThat(err()).startsWith("waybill: ").contains("'--kafka-port'", "x");
    }

    @Test
    void shouldNotLetTheDemoTakeAConfiguration() {
        assertThat(run("demo", "--config", "x.yaml")).isEqualTo(2);
        assertThat(err()).contains("use --config with 'up'");
    }

    @Test
    void shouldRefuseADirectoryThatIsNotThereBeforeAnythingStarts() {
        assertThat(run("demo", "--files", "nowhere")).isEqualTo(2);
        assertThat(err()).contains("there is no directory nowhere");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldReadTheConfigurationOfThisDirectoryAsTheHelpOfUpSays() throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: production:9092 }
                http: { port: 80, auth: none, tls: { certificate: server.pem } }
                routes: { mine: { source: { bucket: inbx } } }
                """);
        assertThat(run("up", "--kafka-port", "0")).isEqualTo(2);
        assertThat(out()).contains(
                "the destinations and routes are those of ", "waybill.yaml",
                "these keys of the file are not used: kafka, http.port, http.tls");
        assertThat(err()).contains("waybill.yaml: routes.mine.source.bucket: there is no bucket 'inbx'", "inbox");
        assertThat(directory.resolve("data")).doesNotExist();
    }
}
