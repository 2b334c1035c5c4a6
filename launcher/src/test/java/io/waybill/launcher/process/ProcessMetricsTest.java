package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {
    @Test
    void shouldSayWhatRuns() {
        try (var metrics = new ProcessMetrics()) {
            assertThat(metrics.registry().scrape())
                    .containsPattern(
                            "waybill_build_info\\{commit=\"[^\"]+\",jdk=\"25[^\"]*\",version=\"[0-9][^\"]*\"} 1")
                    .contains("jvm_memory_used_bytes", "process_uptime_seconds");
        }
    }

    @Test
    void shouldGiveEveryMetricTheTextOfItsDocument() {
        try (var metrics = new ProcessMetrics()) {
            PrometheusMeterRegistry registry = metrics.registry();
            registry.counter("waybill.worker.items", "destination", "acme", "outcome", "delivered").increment();
            registry.timer("waybill.worker.commit").record(Duration.ofMillis(3));
            registry.counter("waybill.worker.bytes");

            assertThat(registry.scrape())
                    .contains(
                            "# HELP waybill_worker_items_total attempts that ended: delivered, deferred, dropped, or the"
                                    + " kind of failure")
                    .contains("# HELP waybill_worker_commit_seconds how long the transactions took")
                    .contains("# HELP waybill_worker_bytes_total bytes that the worker handed to connections");
            assertThat(undescribed(registry.scrape())).isEmpty();
        }
    }

    @Test
    void shouldKnowEveryRowOfTheDocument() throws IOException {
        Set<String> rows = names(Files.readString(Path.of("../docs/metrics.md")), "(?m)^\\| `(waybill_\\w+)`");

        assertThat(rows).hasSizeGreaterThan(30);
        assertThat(new MetricHelp().names()).isEqualTo(rows);
    }

    private static Set<String> undescribed(String scrape) {
        Set<String> names = names(scrape, "(?m)^# TYPE (\\w+)");
        names.removeAll(names(scrape, "(?m)^# HELP (\\w+) \\S"));
        return names;
    }

    private static Set<String> names(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
