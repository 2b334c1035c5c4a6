package io.waybill.e2e.deploy;

import static io.waybill.e2e.deploy.ClusterStandIn.FORMER;
import static io.waybill.e2e.deploy.ClusterStandIn.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.NpmTools;
import io.waybill.testkit.npm.RequiresNpm;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** deploy/rollout, by the real kubectl and the real Prometheus, in a stand-in for a cluster: one run for each {@link Canary}. */
@RequiresNpm
@RequiresPrograms({"curl", "jq", "prometheus"})
class RolloutTest {
    private static final Path SCRIPT = Path.of("../deploy/rollout");
    private static final Pattern METRIC = Pattern.compile("\\bwaybill_[a-z_]+");
    private static final List<String> ORDER = List.of(
            "state-processor-1 new", "state-processor-0 new", "timeout-monitor-0 new",
            "scaling is paused", "transfer-worker-2 new");
    private static final List<String> REVERSE = List.of(
            "transfer-worker-2 former", "timeout-monitor-0 former", "state-processor-1 former",
            "state-processor-0 former",
            "scaling goes on");

    @TempDir
    static Path directory;

    private static final Map<Canary, Ended> RUNS = new EnumMap<>(Canary.class);
    private static ClusterStandIn cluster;
    private static PrometheusServer prometheus;

    private record Ended(int code, String said) {}

    @BeforeAll
    static void rollOutToAll() throws Exception {
        cluster = ClusterStandIn.start();
        prometheus = PrometheusServer.start(directory, cluster);
        Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: stand-in, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: stand-in, context: {cluster: stand-in, user: nobody}}]
                users: [{name: nobody, user: {}}]
                current-context: stand-in
                """.formatted(cluster.port()));
        var running = new EnumMap<Canary, Process>(Canary.class);
        for (Canary canary : EnumSet.complementOf(EnumSet.of(Canary.IS_LED))) {
            running.put(canary, rollout(canary, "run", "--image", NEW));
        }
        for (var run : running.entrySet()) {
            RUNS.put(run.getKey(), ended(run.getValue()));
        }
    }

    @AfterAll
    static void stop() {
        prometheus.close();
        cluster.close();
    }

    private static Process rollout(Canary canary, String command, String... options) throws IOException {
        return rollout(prometheus.address(), canary, command, options);
    }

    private static Process rollout(URI metrics, Canary canary, String command, String... options) throws IOException {
        var words = new ArrayList<>(List.of(SCRIPT.toString(), command, "--namespace", canary.namespace()));
        words.addAll(List.of("--prometheus", metrics.toString(), "--for", "4", "--every", "1", "--patience", "20"));
        words.addAll(List.of(options));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", directory.resolve("kubeconfig").toString());
        builder.environment().put("HOME", directory.toString());
        Path tools = NpmTools.directory().orElseThrow().resolve("bin");
        builder.environment().merge("PATH", tools.toString(), (path, first) -> first + File.pathSeparator + path);
        return builder.start();
    }

    private static Ended ended(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    private static Ended run(Canary canary) {
        return Objects.requireNonNull(RUNS.get(canary));
    }

    private static Set<String> images(Canary canary) {
        return cluster.sets(canary).values().stream().flatMap(set -> set.images().stream()).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(names = {"GOOD", "FAILS_AS_ONE_OF_MANY"})
    void shouldGiveEverythingTheImageOfAGoodWorkerOneAfterTheOther(Canary canary) {
        assertThat(run(canary)).as(run(canary).said()).returns(0, Ended::code);
        assertThat(run(canary).said()).contains("GOOD: waybill-transfer-worker-2", "Everything has " + NEW);
        assertThat(images(canary)).containsExactly(NEW);
        assertThat(cluster.journal(canary)).startsWith(ORDER.toArray(String[]::new)).endsWith(
                "transfer-worker-1 new", "transfer-worker-0 new", "ingest-service-0 new", "audit-service-0 new",
                "scaling goes on");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "FAILS_BY_ITSELF        | 1 | failed as INTERNAL",
            "FAILS_MORE_THAN_OTHERS | 1 | the share of its attempts that fail is a tenth higher",
            "HOLDS_PARTITIONS       | 1 | more partitions are on hold",
            "REACHES_NO_DESTINATION | 1 | it does not reach a destination that another worker reaches",
            "READS_NO_BUCKET        | 1 | it does not read a bucket that another worker reads",
            "COMMITS_SLOWLY         | 1 | its transactions take longer than a second",
            "NEVER_BECOMES_READY    | 1 | 2 of 3 pods are ready",
            "IDLE                   | 3 | delivered fewer than 1 files",
            "IS_NOT_SCRAPED         | 3 | Prometheus does not answer, or does not know waybill-transfer-worker-2"})
    void shouldTakeTheImageBackWhereTheWorkerIsBadOrNobodyKnows(Canary canary, int code, String why) {
        assertThat(run(canary)).as(run(canary).said()).returns(code, Ended::code);
        assertThat(run(canary).said()).contains(why);
        assertThat(images(canary)).containsExactly(FORMER);
        assertThat(cluster.journal(canary)).startsWith(ORDER.toArray(String[]::new))
                .endsWith(REVERSE.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource(Canary.class)
    void shouldLeaveNoNoteBehind(Canary canary) {
        assertThat(cluster.sets(canary).values()).allSatisfy(set -> assertThat(set.annotations()).isEmpty());
    }

    @Test
    void shouldTakeAnImageByItsDigestAlone() throws Exception {
        Ended ended = ended(rollout(Canary.IDLE, "run", "--image", "registry.example/waybill:2"));

        assertThat(ended.code()).as(ended.said()).isEqualTo(2);
        assertThat(ended.said()).contains("needs --image REPOSITORY@sha256:");
    }

    @Test
    void shouldSayThatThereIsNothingToDo() throws Exception {
        Ended again = ended(rollout(Canary.GOOD, "run", "--image", NEW));
        Ended withdraw = ended(rollout(Canary.GOOD, "promote"));

        assertThat(again).as(again.said()).returns(2, Ended::code);
        assertThat(again.said()).contains("transfer-worker has this image already");
        assertThat(withdraw).as(withdraw.said()).returns(2, Ended::code);
        assertThat(withdraw.said()).contains("no roll-out is under way");
    }

    /** As a pipeline does it, with a person between the steps; and here with a Prometheus that is away. */
    @Test
    void shouldGoStepByStepAndNotBeginTwice() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:9");

        Ended start = ended(rollout(Canary.IS_LED, "start", "--image", NEW));
        Ended second = ended(rollout(Canary.IS_LED, "start", "--image", NEW.replace('1', '3')));
        Ended status = ended(rollout(Canary.IS_LED, "status"));
        Ended watch = ended(rollout(nobody, Canary.IS_LED, "watch", "--for", "0"));
        Ended withdraw = ended(rollout(Canary.IS_LED, "withdraw"));

        assertThat(start).as(start.said()).returns(0, Ended::code);
        assertThat(second).as(second.said()).returns(2, Ended::code);
        assertThat(second.said()).contains("a roll-out is under way: transfer-worker had " + FORMER);
        assertThat(status.said()).contains("waybill-transfer-worker: " + NEW + ", pods 1 of 3, before " + FORMER);
        assertThat(watch).as(watch.said()).returns(3, Ended::code);
        assertThat(withdraw).as(withdraw.said()).returns(0, Ended::code);
        assertThat(images(Canary.IS_LED)).containsExactly(FORMER);
    }

    @Test
    void shouldAskForMetricsThatThereAre() throws IOException {
        String documented = Files.readString(Path.of("../docs/metrics.md"));
        List<String> asked =
                METRIC.matcher(Files.readString(SCRIPT)).results().map(MatchResult::group).distinct().toList();

        assertThat(asked).hasSizeGreaterThan(4)
                .allSatisfy(metric -> assertThat(documented).contains("| `" + metric + "`"));
    }
}
