package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineInterfaceTest {
    @TempDir
    Path directory;

    static Set<String> commands() {
        var all = new CommandLineInterface(new Screen(Path.of("")).environment()).build().getSubcommands();
        return all.keySet().stream()
                .filter(name -> !name.equals("help"))
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void shouldHaveTheCommandsOfTheReadme() {
        assertThat(commands())
                .containsExactlyInAnyOrder(
                        "send", "files", "show", "redrive", "cancel", "retry", "resolve", "skip", "unrouted",
                        "run", "topics", "check",
                        "config",
                        "probe",
                        "ledger");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainEveryCommandWithExamplesAndExitCodes(String command) {
        var screen = new Screen(directory);
        assertThat(screen.run(command, "--help")).isZero();
        assertThat(screen.out())
                .contains("Usage: waybill " + command, "Examples:", "  waybill " + command, "Exit codes:",
                        "--config=FILE");
        assertThat(screen.err()).isEmpty();
    }

    @Test
    void shouldKeepHelpWithinAHundredAndTenColumns() {
        for (String command : commands()) {
            var screen = new Screen(directory);
            screen.run(command, "--help");
            assertThat(screen.out().lines()).allMatch(line -> line.length() <= 110);
        }
    }

    @Test
    void shouldAskForACommandWhenThereIsNone() {
        var screen = new Screen(directory);
        assertThat(screen.run()).isEqualTo(2);
        assertThat(screen.err()).contains("which command?", "waybill --help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fils", "config", "config shema", "--nonsense", "files --statu FAILED", "show",
                    "files --limit many",
                    "resolve mfrggzdfmztwq2lkmnxw4zlt2y", "resolve mfrggzdfmztwq2lkmnxw4zlt2y --delivered --resend",
                    "retry --record 3", "retry --record x@1", "skip", "skip --record 3", "skip --record 1@2 --lost",
                    "unrouted --limit 0", "unrouted --cause NONE",
                    "ledger mend", "ledger mend 3", "ledger mend three --to-end", "ledger mend 3 --to 1 --to-end"})
    void shouldEndWithTwoAndOneClearMessageWhenUsedWrongly(String line) {
        var screen = new Screen(directory);
        assertThat(screen.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(screen.errLines()).hasSizeBetween(1, 2).first().asString().startsWith("waybill: ");
    }

    @Test
    void shouldSuggestTheCommandThatWasMeant() {
        var screen = new Screen(directory);
        screen.run("fils");
        assertThat(screen.err()).contains("Did you mean", "files");
    }

    @Test
    void shouldSayWhereItLookedWhenThereIsNoConfiguration() {
        var screen = new Screen(directory);
        assertThat(screen.run("files")).isEqualTo(2);
        assertThat(screen.errLines()).singleElement().asString().contains("--config", "$WAYBILL_CONFIG", "waybill.yaml",
                "waybill up");
    }

    @Test
    void shouldSayWhereTheYamlIsBroken() throws IOException {
        Files.writeString(directory.resolve("broken.yaml"), "kafka:\n  - [\n");
        var screen = new Screen(directory);
        assertThat(screen.run("topics", "--config", "broken.yaml")).isEqualTo(2);
        assertThat(screen.errLines()).singleElement().asString().contains("broken.yaml:3", "this is not YAML");
    }

    @Test
    void shouldReportAllFaultsOfAConfigurationAtOnce() throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                rotues: {}
                worker: { spam: 7 }
                routes:
                  inbox: { source: { bucket: inbox }, deliver: { destination: acme } }
                """);
        var screen = new Screen(directory);
        assertThat(screen.run("files")).isEqualTo(2);
        assertThat(screen.err())
                .contains("waybill.yaml:3:9: rotues: is not a known key; did you mean 'routes'?")
                .contains("waybill.yaml:4:17: worker.spam: is not a known key; did you mean 'span'?")
                .contains("there is no destination 'acme'")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldPrintTheSchemaOfTheDocumentsWithoutAConfiguration() throws IOException {
        var screen = new Screen(directory);
        assertThat(screen.run("config", "schema")).isZero();
        assertThat(screen.out()).isEqualTo(Files.readString(Path.of("../docs/waybill.schema.json")));
        assertThat(screen.err()).isEmpty();
    }

    @Test
    void shouldSayThatNothingAnswersAtTheApi() throws IOException {
        Screen screen = withConfiguration();
        assertThat(screen.run("files", "--set", "http.port=1")).isEqualTo(1);
        assertThat(screen.errLines())
                .singleElement()
                .asString()
                .contains("no connection to the HTTP API at http://127.0.0.1:1", "waybill up");
    }

    @Test
    void shouldShowWhereItFailedOnlyWhenAsked() throws IOException {
        Screen screen = withConfiguration();
        screen.run("files", "--set", "http.port=1", "--debug");
        assertThat(screen.err()).contains("\tat io.waybill");
    }

    @Test
    void shouldRefuseAnIdThatIsNone() throws IOException {
        Screen screen = withConfiguration();
        assertThat(screen.run("show", "42")).isEqualTo(2);
        assertThat(screen.err()).contains("26 characters").contains("'42'");
    }

    @Test
    void shouldNameTheServicesThereAreWhenAskedForAnother() throws IOException {
        Screen screen = withConfiguration();
        assertThat(screen.run("run", "transfer-wroker")).isEqualTo(2);
        assertThat(screen.err()).contains("'transfer-wroker'", "transfer-worker", "all");
    }

    @Test
    void shouldNameTheServicesInTheHelp() {
        var screen = new Screen(directory);
        screen.run("run", "--help");
        assertThat(screen.out()).contains("ingest-service, state-processor, transfer-worker, timeout-monitor, or all.");
    }

    @Test
    void shouldFindTheEmbeddedConfigurationInTheDataDirectory() throws IOException {
        Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(directory.resolve("elsewhere/waybill.yaml"), "not: yours\n");
        var screen = new Screen(directory);
        assertThat(screen.run("files", "--data", "elsewhere")).isEqualTo(2);
        assertThat(screen.err()).contains("elsewhere/waybill.yaml:1:6: not: is not a known key");
    }

    @Test
    void shouldPreferTheVariableToTheFileAtHandAndTheOptionToBoth() throws IOException {
        for (String name : List.of("waybill", "variable", "option")) {
            Files.writeString(directory.resolve(name + ".yaml"), name + "Key: 1\n");
        }
        var plain = new Screen(directory);
        plain.run("files");
        var variable = new Screen(directory).with("WAYBILL_CONFIG", "variable.yaml");
        variable.run("files");
        var option = new Screen(directory).with("WAYBILL_CONFIG", "variable.yaml");
        option.run("files", "--config", "option.yaml");
        assertThat(plain.err()).contains("waybillKey");
        assertThat(variable.err()).contains("variableKey");
        assertThat(option.err()).contains("optionKey");
    }

    private Screen withConfiguration() throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                """);
        return new Screen(directory);
    }
}
