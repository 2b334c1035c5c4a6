package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.runtime.access.TokenHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineInterfaceTest {
    private static final String ID = "mfrggzdfmztwq2lkmnxw4zlt2y";

    /** Commands that ask the HTTP API, each with what it needs besides. */
    private static final Map<String, String> ASKING = Map.ofEntries(
            Map.entry("files", ""),
            Map.entry("status", ""),
            Map.entry("watch", "--once"),
            Map.entry("destinations", ""),
            Map.entry("flow", ""),
            Map.entry("scaling", ""),
            Map.entry("show", ID),
            Map.entry("why", ID),
            Map.entry("route", "a.csv"),
            Map.entry("redrive", ID + " --reason x"),
            Map.entry("resend", ID + " --reason x"),
            Map.entry("cancel", ID + " --reason x"),
            Map.entry("forget", ID + " --reason x"),
            Map.entry("resolve", ID + " --delivered --reason x"),
            Map.entry("retry", ID + " --reason x"),
            Map.entry("pause", "acme --reason x"),
            Map.entry("resume", "acme"),
            Map.entry("approvals", ""),
            Map.entry("unrouted", ""),
            Map.entry("dead-letters", ""));

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
                        "send", "files", "status", "watch", "destinations", "flow", "scaling", "show", "why", "route",
                        "redrive",
                        "resend",
                        "cancel", "retry", "pause",
                        "resume",
                        "resolve", "forget", "approvals", "skip", "unrouted", "dead-letters",
                        "run", "topics", "check",
                        "config",
                        "token",
                        "audit", "evidence",
                        "probe",
                        "ledger",
                        "completion");
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
                    "files --limit many", "token", "token old",
                    "resolve mfrggzdfmztwq2lkmnxw4zlt2y", "resolve mfrggzdfmztwq2lkmnxw4zlt2y --delivered --resend",
                    "retry --record 3", "retry --record x@1", "skip", "skip --record 3", "skip --record 1@2 --lost",
                    "unrouted --limit 0", "unrouted --cause NONE", "completion", "completion tcsh", "check --days x",
                    "watch --every", "audit --verify --csv", "audit --verify --by ann", "pause --reason x",
                    "pause acme --route invoices --reason x", "destinations a/b", "destinations a b",
                    "dead-letters --limit 0",
                    "dead-letters --since soon", "why", "why no-id", "route",
                    "route a --size -1", "route a --size many",
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

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void shouldCompleteEveryCommandInEveryShell(String shell) {
        var screen = new Screen(directory);
        assertThat(screen.run("completion", shell)).isZero();
        assertThat(screen.out()).contains(commands()).contains("TIMED_OUT", "state-processor", "dry-run");
        assertThat(screen.err()).isEmpty();
    }

    @Test
    void shouldWriteOneLineOfFishForEachOption() {
        var screen = new Screen(directory);
        screen.run("completion", "fish");
        assertThat(screen.out().lines()).allMatch(line -> line.startsWith("complete -c waybill ")
                || line.startsWith("#"));
        assertThat(screen.out().lines()).contains(
                "complete -c waybill -f",
                "complete -c waybill -n '__fish_seen_subcommand_from files' -l waiting"
                        + " -d 'Only files that wait for their next attempt after a failure or a deferral, with the"
                        + " reason'",
                "complete -c waybill -n '__fish_seen_subcommand_from check' -l config -r -F"
                        + " -d 'The configuration file, or a directory whose *.yaml files are read as one'",
                "complete -c waybill -n '__fish_seen_subcommand_from send' -F",
                "complete -c waybill -n __fish_use_subcommand -a help"
                        + " -d 'Display help information about the specified command'");
        assertThat(screen.out()).contains("-a skip -d 'With --record: ingest makes ");
    }

    @Test
    void shouldMakeATokenAndItsHashWithoutAConfiguration() {
        var screen = new Screen(directory);
        assertThat(screen.run("token", "new")).isZero();
        String secret = screen.out().lines().findFirst().orElseThrow().replaceFirst("token +", "");
        assertThat(screen.out()).contains("hash   " + TokenHash.of(secret).text());
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
    void shouldSayWhichOfTwoSubjectsACommandIsAbout() {
        var screen = new Screen(directory);
        assertThat(screen.run("pause", "acme", "--route", "invoices", "--reason", "x")).isEqualTo(2);
        assertThat(screen.err()).contains("either the destination 'acme' or --route 'invoices'")
                .doesNotContain("what?");
        assertThat(screen.run("audit", "--verify", "--csv")).isEqualTo(2);
        assertThat(screen.err()).contains("--verify checks the whole audit: leave out --csv");
    }

    @ParameterizedTest
    @MethodSource("asking")
    void shouldAskTheApi(String command) {
        var screen = new Screen(directory);
        var line = new ArrayList<>(List.of(command, "--api", "http://127.0.0.1:1"));
        Stream.of(ASKING.get(command).split(" ")).filter(word -> !word.isEmpty()).forEach(line::add);

        assertThat(screen.run(line.toArray(String[]::new))).isEqualTo(1);
        assertThat(screen.err()).contains("no connection to the HTTP API at http://127.0.0.1:1");
    }

    static Set<String> asking() {
        return ASKING.keySet();
    }

    @Test
    void shouldListInTheDocumentTheCommandsThatAskTheApi() throws IOException {
        String document = Files.readString(Path.of("../docs/http-api.md"));
        Matcher sentence = Pattern.compile("The commands (`[^.]*`) ask this API").matcher(document);
        assertThat(sentence.find()).isTrue();

        assertThat(Pattern.compile("`([a-z-]+)`").matcher(sentence.group(1)).results().map(one -> one.group(1)))
                .containsExactlyInAnyOrderElementsOf(ASKING.keySet());
        // A new command must be in one of the two.
        assertThat(commands()).containsAll(ASKING.keySet()).filteredOn(command -> !ASKING.containsKey(command))
                .containsExactlyInAnyOrder("send", "skip", "run", "topics", "check", "config", "token", "audit",
                        "evidence", "probe", "ledger", "completion");
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
        assertThat(screen.err()).contains("'transfer-wroker'", "did you mean 'transfer-worker'?");
    }

    @Test
    void shouldNameTheServicesInTheHelp() {
        var screen = new Screen(directory);
        screen.run("run", "--help");
        assertThat(screen.out()).contains("ingest-service, state-processor, transfer-worker, timeout-monitor,");
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

    @Test
    void shouldTellItsVersionItsCommitAndItsJava() {
        var screen = new Screen(directory);
        assertThat(screen.run("--version")).isZero();
        assertThat(screen.out()).matches("(?s)waybill [0-9]\\S*, commit \\S+, JDK 25\\S*\\s*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version --json", "--json -V", "files --json --version"})
    void shouldTellItsVersionAsJson(String line) throws IOException {
        var screen = new Screen(directory);
        assertThat(screen.run(line.split(" ", -1))).isZero();
        JsonNode version = new ObjectMapper().readTree(screen.out());
        assertThat(version.path("version").asText()).matches("[0-9]\\S*");
        assertThat(version.path("commit").asText()).isNotEmpty();
        assertThat(version.path("jdk").asText()).startsWith("25");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"files --json", "files --json --status NONE", "--json fils", "show 42 --json",
                    "check --json --set foo.bar=1"})
    void shouldAnswerOneDocumentOfJsonWhateverIsWrong(String line) throws IOException {
        Screen screen = withConfiguration();
        int code = screen.run((line + " --set http.port=1").split(" ", -1));

        assertThat(code).isPositive();
        JsonNode error = new ObjectMapper().readTree(screen.out());
        assertThat(error.path("error").asText()).isNotEmpty();
        assertThat(error.path("exitCode").asInt()).isEqualTo(code);
        assertThat(screen.err()).isEmpty();
    }

    @Test
    void shouldNotListAllKeysWhereOneIsUnknown() throws IOException {
        Screen screen = withConfiguration();
        assertThat(screen.run("files", "--set", "foo.bar=1")).isEqualTo(2);
        assertThat(screen.errLines()).singleElement().asString().endsWith("foo.bar: is not a known key");
    }

    @Test
    void shouldNeedNoConfigurationWhereTheAddressOfTheApiIsGiven() {
        var option = new Screen(directory);
        assertThat(option.run("files", "--api", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(option.err()).contains("no connection to the HTTP API at http://127.0.0.1:1");
        var variable = new Screen(directory).with("WAYBILL_API", "http://ann:hunter2@127.0.0.1:1/");
        assertThat(variable.run("status")).isEqualTo(1);
        assertThat(variable.err()).contains("at http://(secret)@127.0.0.1:1:").doesNotContain("hunter2");
        var wrong = new Screen(directory);
        assertThat(wrong.run("files", "--api", "127.0.0.1:8080")).isEqualTo(2);
        assertThat(wrong.err()).contains("--api: expected an address such as http://127.0.0.1:8080");
    }

    @Test
    void shouldSayWhichServicesAChangeNeedsRestarted() throws IOException {
        String old = """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                destinations:
                  acme: { host: a.example, user: w, password: env:ACME, hostKeys: "SHA256:%s" }
                routes:
                  invoices: { source: { bucket: outbound }, deliver: { destination: acme } }
                """.formatted("A".repeat(43));
        Files.writeString(directory.resolve("old.yaml"), old);
        Files.writeString(directory.resolve("waybill.yaml"),
                old.replace("user: w", "user: w, maxConnections: 9") + "worker: { span: 7 }\n");
        var same = new Screen(directory).with("ACME", "hunter2");
        var screen = new Screen(directory).with("ACME", "hunter2");
        var json = new Screen(directory).with("ACME", "hunter2");

        assertThat(same.run("check", "--config", "old.yaml", "--against", "old.yaml")).isZero();
        assertThat(screen.run("check", "--against", "old.yaml")).isZero();
        assertThat(json.run("check", "--against", "old.yaml", "--json")).isZero();

        assertThat(same.out()).contains("no service needs a restart");
        assertThat(screen.out())
                .contains("destinations.acme", "let its queue run empty", "restart: state-processor, transfer-worker")
                .doesNotContain("hunter2");
        assertThat(new ObjectMapper().readTree(json.out()).path("restart"))
                .extracting(JsonNode::asText)
                .containsExactly("state-processor", "transfer-worker");
    }

    @Test
    void shouldNotShowThePasswordOfAnAddress() throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1", default.api.timeout.ms: 100, request.timeout.ms: 50 }
                schema.registry.url: http://ann:hunter2@127.0.0.1:1
                """);
        var screen = new Screen(directory);
        assertThat(screen.run("check")).isEqualTo(1);
        assertThat(screen.out())
                .contains("FAULT schema registry http://(secret)@127.0.0.1:1: no connection: connection refused")
                .doesNotContain("hunter2", "Exception", "java.");
    }

    private Screen withConfiguration() throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                """);
        return new Screen(directory);
    }
}
