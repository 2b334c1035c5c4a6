package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each alert looks at metrics that there are, calls when it should, and has a page that says what to do. */
final class AlertsTest {
    private static final Path OBSERVABILITY = Path.of("..", "deploy", "observability");
    private static final Path RUNBOOKS = Path.of("..", "docs", "operations", "runbooks");
    private static final Pattern METRIC = Pattern.compile("waybill_[a-z0-9_]+");

    private static List<Object> rules() throws IOException {
        return Resource.read(Files.readString(OBSERVABILITY.resolve("rules.yaml"))).getFirst().list("groups", 0,
                "rules");
    }

    /** The metrics of an expression that nobody documents. */
    private static Set<String> unknown(String expression) {
        var names = new TreeSet<String>();
        METRIC.matcher(expression).results().forEach(found -> names.add(found.group()));
        names.removeAll(Docs.metrics());
        return names;
    }

    @Test
    void shouldLookAtMetricsThatThereAre() throws IOException {
        assertThat(rules()).hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(rule -> assertThat(unknown(Tree.text(rule, "expr"))).isEmpty())
                .allSatisfy(rule -> assertThat(METRIC.matcher(Tree.text(rule, "expr")).find()).isTrue());
        assertThat(unknown("rate(waybill_worker_byte_total[5m])")).containsExactly("waybill_worker_byte_total");
    }

    @Test
    void shouldHaveARunbookForEachAlertAndNoOther() throws IOException {
        List<String> alerts = rules().stream().map(rule -> Tree.text(rule, "alert")).toList();

        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            assertThat(pages.map(page -> page.getFileName().toString()).filter(name -> name.startsWith("Waybill")))
                    .containsExactlyInAnyOrderElementsOf(alerts.stream().map(alert -> alert + ".md").toList());
        }
        String index = Files.readString(RUNBOOKS.resolveSibling("README.md"));
        assertThat(alerts)
                .allSatisfy(alert -> assertThat(index).contains("| [" + alert + "](runbooks/" + alert + ".md) |"));
        assertThat(rules()).allSatisfy(rule -> {
            String page = Tree.text(rule, "annotations", "runbook");
            assertThat(page).isEqualTo("docs/operations/runbooks/" + Tree.text(rule, "alert") + ".md");
            assertThat(Files.readString(Path.of("..").resolve(page))).startsWith("# " + Tree.text(rule, "alert") + "\n")
                    .contains("## Do this")
                    .contains("## It is over when");
        });
    }

    /** Kustomize cannot put a file into a resource, so the text is there twice. */
    @Test
    void shouldBeTheSameForThePrometheusOperator() throws IOException {
        String rules = Files.readString(OBSERVABILITY.resolve("rules.yaml"));
        Resource resource = Resource.read(
                Files.readString(Overlays.K8S.resolve(Path.of("components", "prometheus", "rules.yaml")))).getFirst();

        assertThat(ResourceTypes.faults(resource)).isEmpty();
        assertThat(resource.list("spec", "groups")).isEqualTo(Resource.read(rules).getFirst().list("groups"));
    }

    @Test
    @RequiresPromtool
    void shouldCallWhenItShould() throws IOException, InterruptedException {
        assertThat(promtool(OBSERVABILITY, "check", "rules", "rules.yaml")).isEmpty();
        assertThat(promtool(OBSERVABILITY, "test", "rules", "rules.test.yaml")).isEmpty();
        assertThat(rules()).allSatisfy(rule -> assertThat(Files.readString(OBSERVABILITY.resolve("rules.test.yaml")))
                .contains("alertname: " + Tree.text(rule, "alert")));
    }

    @RequiresPromtool
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max(waybill_workers) == 0                        | max(waybill_workers) == 9
            waybill_files_oldest_open_seconds) > 3600        | waybill_files_oldest_open_seconds) > 9000
            outcome=~                                        | outcome!~
            max by (destination) (waybill_worker_destination | min by (destination) (waybill_worker_destination
            max by (bucket) (waybill_worker_source_up) == 0  | max by (bucket) (waybill_worker_source_up) == 1
            waybill_worker_partitions_held) > 0              | waybill_worker_partitions_held) > 5
            unless waybill_records_unreadable_total offset   | and waybill_records_unreadable_total offset
            max(waybill_registry_login_refused) == 1         | min(waybill_registry_login_refused) == 1
            max(waybill_deadlines_lag_seconds) > 60          | max(waybill_deadlines_lag_seconds) > 6
            sum(waybill_audit_unproven) > 0                  | sum(waybill_audit_unproven) > 9
            14 * 86400                                       | 30 * 86400
            """)
    void shouldNoticeARuleThatDoesNotCall(String written, String mistake, @TempDir Path directory)
            throws IOException, InterruptedException {
        String rules = Files.readString(OBSERVABILITY.resolve("rules.yaml"));
        assertThat(rules).contains(written);
        Files.writeString(directory.resolve("rules.yaml"), rules.replace(written, mistake));
        Files.copy(OBSERVABILITY.resolve("rules.test.yaml"), directory.resolve("rules.test.yaml"));

        assertThat(promtool(directory, "test", "rules", "rules.test.yaml")).contains("FAILED");
    }

    /** What it complains about; empty if it is content. */
    private static String promtool(Path directory, String... arguments) throws IOException, InterruptedException {
        Process promtool = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return promtool.waitFor() == 0 ? "" : said;
    }
}
