package io.waybill.e2e.secured;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.e2e.deploy.PrometheusServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Prometheus with the rules that are shipped, and one about a metric that nobody has. It asks all processes of a stack. */
final class ScrapedRules implements AutoCloseable {
    /** The metric of the one rule that is not shipped. */
    static final String NOBODYS = "waybill_nobody_has_this";

    private static final Path SHIPPED = Path.of("..", "deploy", "observability", "rules.yaml");
    private static final Pattern METRIC = Pattern.compile("waybill_[a-z0-9_]+");

    private final PrometheusServer prometheus;
    private final int processes;

    ScrapedRules(Path directory, SecuredStack stack) throws IOException {
        Files.createDirectories(directory);
        Path nobodys = Files.writeString(directory.resolve("nobodys.yaml"), """
                groups: [ { name: nobodys, rules: [ { alert: Nobodys, expr: "%s > 0" } ] } ]
                """.formatted(NOBODYS));
        List<String> targets = stack.instances().stream()
                .map(instance -> "localhost:" + stack.api(instance).getPort())
                .toList();
        processes = targets.size();
        prometheus = PrometheusServer.start(directory, """
                rule_files: [ "%s", "%s" ]
                scrape_configs:
                - job_name: waybill
                  scheme: https
                  tls_config: { ca_file: "%s", cert_file: "%s", key_file: "%s" }
                  static_configs: [ { targets: %s } ]
                """.formatted(
                SHIPPED.toRealPath(),
                nobodys,
                stack.certificates().authority(),
                stack.certificates().certificate(),
                stack.certificates().key(),
                targets));
    }

    /** Whether each process was read, and each rule computed. A rule that cannot be computed never becomes {@code ok}. */
    boolean computed() throws IOException, InterruptedException {
        JsonNode up = prometheus.ask("query?query=count(up==1)").path("result").path(0).path("value").path(1);
        return up.asInt() == processes
                && rules().stream().allMatch(rule -> rule.path("health").asText().equals("ok"));
    }

    /** The names of the alerts. */
    List<String> alerts() throws IOException, InterruptedException {
        return rules().stream().map(rule -> rule.path("name").asText()).toList();
    }

    /** The metrics that a rule names and that no process of the stack has shown. */
    Set<String> missing() throws IOException, InterruptedException {
        Set<String> named = rules().stream()
                .flatMap(rule -> METRIC.matcher(rule.path("query").asText()).results())
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        prometheus.ask("label/__name__/values").forEach(shown -> named.remove(shown.asText()));
        return named;
    }

    private List<JsonNode> rules() throws IOException, InterruptedException {
        var all = new ArrayList<JsonNode>();
        prometheus.ask("rules").path("groups").forEach(group -> group.path("rules").forEach(all::add));
        return all;
    }

    @Override
    public void close() {
        prometheus.close();
    }
}
