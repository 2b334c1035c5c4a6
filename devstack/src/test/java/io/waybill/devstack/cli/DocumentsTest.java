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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents show a reader to type, to open or to look for is there. */
class DocumentsTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final int DEEPEST = 4;

    private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);
    /** Within a block of code or between back-ticks, or behind the mark of a comment. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)(?:^[# ]*|`)\\./waybill ((?:\\\\\n|[^`\n])*+(?:\n[^`\n]+(?=`))?)");
    /** What a reader replaces, where the command takes only a number there. */
    private static final Map<String, String> NUMBERS =
            Map.of("PARTITION", "3", "OFFSET", "1200", "N", "5", "PARTITION@OFFSET", "3@1200");
    private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|\\S+");
    private static final Pattern SENT = Pattern.compile("(?:s3 cp|send(?: --\\S+ \\S+)*|--files) ([^ `\n]+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern METRIC = Pattern.compile("\\bwaybill_[a-z]\\w+");

    static List<String> documents() throws IOException {
        try (var all = Files.find(REPOSITORY, DEEPEST, (path, _) -> isDocument(REPOSITORY.relativize(path)))) {
            return all.map(path -> REPOSITORY.relativize(path).toString()).sorted().toList();
        }
    }

    private static boolean isDocument(Path path) {
        boolean made = Stream.of(path.toString().split("/")).anyMatch(part -> part.equals("target"));
        return !made && !path.startsWith("data") && path.toString().endsWith(".md")
                || path.equals(Path.of("deploy/waybill.yaml"));
    }

    static List<String> documentsWithCommands() throws IOException {
        return documents().stream().filter(document -> !commands(document).isEmpty()).toList();
    }

    private static String text(String document) {
        try {
            return Files.readString(REPOSITORY.resolve(document));
        } catch (IOException e) {
            throw new AssertionError(document, e);
        }
    }

    private static List<String> commands(String document) {
        return COMMAND.matcher(text(document)).results()
                .map(found -> found.group(1).replaceAll("\\\\?\n *", " ").replaceAll(" #.*| *[|&>].*", "").strip())
                .filter(command -> !command.isEmpty())
                .toList();
    }

    private static String[] words(String command) {
        return WORD.matcher(command).results()
                .map(found -> found.group().replaceAll("^['\"]|['\"]$", "").replaceAll("\\|.*", ""))
                .map(word -> NUMBERS.getOrDefault(word, word))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("documentsWithCommands")
    void shouldShowOnlyCommandsAndOptionsThatThereAre(String document) {
        assertThat(commands(document)).allSatisfy(command -> {
            var said = new ByteArrayOutputStream();
            var asked = new ArrayList<>(List.of(words(command)));
            if (!asked.contains("--help")) {
                asked.add("--help");
            }
            int code = new CommandLineInterface(environment(said), DevstackCommands::of)
                    .run(asked.toArray(String[]::new));
            assertThat(code).as("./waybill %s: %s", command, said.toString(StandardCharsets.UTF_8)).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/processes.md", "docs/failures.md", "deploy/waybill.yaml"})
    void shouldFindTheCommandsOfADocument(String document) {
        assertThat(commands(document)).isNotEmpty();
    }

    private static ProcessEnvironment environment(ByteArrayOutputStream said) {
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new ProcessEnvironment(
                out, out, false, false, 100, Map.of(), REPOSITORY,
                ProcessClock.of(() -> Instant.EPOCH, () -> 0), new Interruption());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLinkToFilesAndHeadingsThatThereAre(String document) {
        Path directory = Path.of("/").resolve(document).getParent();
        List<String> links = LINK.matcher(CODE.matcher(text(document)).replaceAll("")).results()
                .map(found -> found.group(1))
                .filter(link -> !link.contains("://"))
                .toList();
        assertThat(links).allSatisfy(link -> {
            String[] parts = link.split("#", 2);
            String file = parts[0].isEmpty() ? document
                    : Path.of("/").relativize(directory.resolve(parts[0]).normalize()).toString();
            assertThat(REPOSITORY.resolve(file)).exists();
            if (parts.length > 1) {
                assertThat(headings(file)).as(link).contains(parts[1]);
            }
        });
    }

    /** As the web pages of the repository name them. */
    private static Set<String> headings(String document) {
        return CODE.matcher(text(document)).replaceAll("").lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceAll("^#+ ", "").strip().toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void shouldNameOnlyMetricsThatThereAre() throws IOException {
        Set<String> known = names(text("docs/metrics.md"), Pattern.compile("(?m)^\\| `(waybill_\\w+)`"), 1);
        var named = new TreeSet<String>();
        for (String document : documents()) {
            named.addAll(names(text(document), METRIC, 0));
        }
        assertThat(known).isNotEmpty();
        assertThat(named).isSubsetOf(known);
    }

    private static Set<String> names(String text, Pattern pattern, int group) {
        return pattern.matcher(text).results()
                .map((MatchResult found) -> found.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldSendFilesThatExistWhereTheReadmeSendsThem() {
        var files = SENT.matcher(text("README.md")).results().toList();
        assertThat(files).isNotEmpty().allSatisfy(found -> assertThat(REPOSITORY.resolve(found.group(1))).exists());
    }

    /** Before a script builds for minutes, installs packages or clears what an earlier run left. */
    @ParameterizedTest
    @ValueSource(
            strings = {"bench", "verify", "build-support/aot", "e2e/upgrade/run", "model/check", "model/guards",
                    "model/lives", "deploy/rollout", "deploy/publish", "deploy/scan"})
    void shouldLetEveryScriptAnswerAQuestionForHelpBeforeAnythingElse(String script) {
        assertThat(text(script).lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
                .contains("explain_if_asked \"$@\"")
                .satisfies(lines -> assertThat(lines.subList(0, lines.indexOf("explain_if_asked \"$@\"")))
                        .allMatch(line -> line.matches("set -euo pipefail|source .*|\\w+=\\$\\(dirname .*\\)")));
    }

    @Test
    void shouldPrintWhatStandsAtTheHeadOfAScriptWhenAskedForHelp() throws IOException, InterruptedException {
        Process asked = new ProcessBuilder(REPOSITORY.resolve("bench").toString(), "transfer", "--help")
                .redirectErrorStream(true)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(asked.waitFor()).isZero();
        assertThat(said).startsWith("Runs one benchmark: ./bench transfer").contains("--rounds N", "WAYBILL_JAVA_HOME")
                .doesNotContain("shellcheck");
    }
}
