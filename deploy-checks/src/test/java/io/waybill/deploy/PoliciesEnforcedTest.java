package io.waybill.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.npm.RequiresNpm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The policies of the production overlay, enforced by the kernel between namespaces of the network: each end tries every port of each
 * other end. What must be open is written here by hand, from docs/threat-model.md, and not taken from the policies.
 */
@RequiresNpm
@RequiresNetworkNamespaces
final class PoliciesEnforcedTest {
    /** All edges of docs/threat-model.md that begin or end in a pod of Waybill. */
    private static final String NEEDED = """
            ingest-service -> kube-dns UDP/53 TCP/53
            state-processor -> kube-dns UDP/53 TCP/53
            transfer-worker -> kube-dns UDP/53 TCP/53
            timeout-monitor -> kube-dns UDP/53 TCP/53
            audit-service -> kube-dns UDP/53 TCP/53
            ingest-service -> store TCP/443
            transfer-worker -> store TCP/443
            transfer-worker -> partner TCP/22
            ingest-service -> broker TCP/9093
            state-processor -> broker TCP/9093
            transfer-worker -> broker TCP/9093
            timeout-monitor -> broker TCP/9093
            audit-service -> broker TCP/9093
            ingest-service -> registry TCP/8443
            state-processor -> registry TCP/8443
            transfer-worker -> registry TCP/8443
            timeout-monitor -> registry TCP/8443
            audit-service -> registry TCP/8443
            state-processor -> state-processor TCP/8080
            client -> state-processor TCP/8080
            client -> ingest-service TCP/8080
            prometheus -> ingest-service TCP/8080
            prometheus -> state-processor TCP/8080
            prometheus -> transfer-worker TCP/8080
            prometheus -> timeout-monitor TCP/8080
            prometheus -> audit-service TCP/8080
            keda -> state-processor TCP/8080
            """;

    /**
     * What the addresses of the internet have in common is that policies cannot tell them apart: each may be a store or a partner.
     */
    private static final Map<String, List<String>> SAME =
            Map.of("store", List.of("store", "partner"), "partner", List.of("store", "partner"));

    private static final List<String> PORTS = List.of(
            "UDP/53", "UDP/123", "TCP/22", "TCP/53", "TCP/80", "TCP/443", "TCP/2181", "TCP/2222", "TCP/6443",
            "TCP/8080",
            "TCP/8081", "TCP/8443", "TCP/9092", "TCP/9093", "TCP/9094", "TCP/10250");

    private static final int REPLICAS = 2;

    /** The pods that the manifests make, and whoever may be near them. */
    private static List<NetworkEnd> ends(Manifests manifests) {
        var ends = new ArrayList<NetworkEnd>();
        for (Resource set : manifests.pods()) {
            Map<String, Object> labels = set.map("spec", "template", "metadata", "labels");
            for (int i = 0; i < REPLICAS; i++) {
                ends.add(NetworkEnd.pod(
                        set.name() + "-" + i,
                        set.name().replaceFirst("waybill-", ""),
                        Tree.text(set.content(), "metadata", "namespace"),
                        labels,
                        "10.244.1." + (ends.size() + 1)).with(ports(set)));
            }
        }
        ends.addAll(List.of(
                pod("kube-dns", "kube-system", Map.of("k8s-app", "kube-dns"), 1),
                pod("dashboard", "kube-system", Map.of("k8s-app", "dashboard"), 2),
                pod("false-dns", "default", Map.of("k8s-app", "kube-dns"), 3),
                pod("broker", "kafka", Map.of("strimzi.io/cluster", "kafka"), 4),
                pod("registry", "kafka", Map.of("app.kubernetes.io/name", "schema-registry"), 5),
                pod("other-cluster", "kafka", Map.of("strimzi.io/cluster", "other"), 6),
                pod("prometheus", "monitoring", Map.of("app.kubernetes.io/name", "prometheus"), 7),
                pod("grafana", "monitoring", Map.of("app.kubernetes.io/name", "grafana"), 8),
                pod("keda", "keda", Map.of("app", "keda-operator"), 9),
                pod("keda-metrics", "keda", Map.of("app", "keda-operator-metrics-apiserver"), 10),
                pod("stranger", "default", Map.of(), 11),
                // Says that it is one of ours, but lives elsewhere.
                pod("impostor", "default", Map.of(
                        "app.kubernetes.io/part-of", "waybill", "app.kubernetes.io/component", "state-processor"), 12),
                pod("debug", "waybill", Map.of("run", "debug"), 13),
                client("client", "desk", 14),
                NetworkEnd.outside("store", "52.219.170.1"),
                NetworkEnd.outside("partner", "203.0.113.22"),
                NetworkEnd.outside("office", "192.168.7.7"),
                NetworkEnd.outside("database", "10.20.0.7"),
                NetworkEnd.outside("cloud-metadata", "169.254.169.254"),
                NetworkEnd.outside("kubernetes", "172.20.0.1"),
                NetworkEnd.outside("carrier", "100.64.0.7")));
        return List.copyOf(ends);
    }

    private static NetworkEnd pod(String name, String namespace, Map<String, Object> labels, int number) {
        return NetworkEnd.pod(name, name, namespace, labels, "10.244.2." + number);
    }

    private static NetworkEnd client(String name, String namespace, int number) {
        var labels = new LinkedHashMap<>(pod(name, namespace, Map.of(), number).namespace());
        labels.put("waybill-api-client", "true");
        return new NetworkEnd(name, name, labels, Map.of(), "10.244.2." + number, Map.of());
    }

    private static Map<String, Integer> ports(Resource set) {
        return set.list("spec", "template", "spec", "containers", 0, "ports").stream()
                .collect(Collectors.toMap(
                        port -> Tree.text(port, "name"), port -> Integer.parseInt(Tree.text(port, "containerPort"))));
    }

    /** Every edge between two different ends of which one is a pod of Waybill and that is needed; and all between others. */
    private static Set<String> expected(List<NetworkEnd> ends) {
        var open = new TreeSet<String>();
        for (String line : NEEDED.lines().toList()) {
            String[] words = line.split(" ");
            for (NetworkEnd from : ends) {
                for (NetworkEnd to : ends) {
                    if (from.kind().equals(words[0])
                            && SAME.getOrDefault(words[2], List.of(words[2])).contains(to.kind())
                            && !from.name().equals(to.name())) {
                        List.of(words).subList(3, words.length)
                                .forEach(port -> open.add(from.name() + " " + to.name() + " " + port));
                    }
                }
            }
        }
        open.addAll(all(ends.stream().filter(end -> !isOurs(end)).toList()));
        return open;
    }

    private static boolean isOurs(NetworkEnd end) {
        return end.isPod() && end.space().equals("waybill") && end.labels().containsKey("app.kubernetes.io/part-of");
    }

    private static Set<String> all(List<NetworkEnd> ends) {
        var open = new TreeSet<String>();
        for (NetworkEnd from : ends) {
            for (NetworkEnd to : ends) {
                if (!from.name().equals(to.name())) {
                    PORTS.forEach(port -> open.add(from.name() + " " + to.name() + " " + port));
                }
            }
        }
        return open;
    }

    /** Or a closed edge would prove nothing. */
    @Test
    void shouldReachEverybodyWithoutPolicies(@TempDir Path directory) throws Exception {
        List<NetworkEnd> ends = ends(Overlays.manifests("production"));

        assertThat(ClusterNetwork.open(ends, PORTS, "", directory)).isEqualTo(all(ends));
    }

    @Test
    void shouldOpenEachNeededEdgeAndNoOther(@TempDir Path directory) throws Exception {
        Manifests manifests = Overlays.manifests("production");
        List<NetworkEnd> ends = ends(manifests);

        Set<String> open = ClusterNetwork.open(ends, PORTS, PolicyRules.of(manifests, ends), directory);

        String figures = "policies: %d ends, %d edges tried, %d open, of which %d to or from pods of Waybill".formatted(
                ends.size(),
                all(ends).size(),
                open.size(),
                open.size() - all(ends.stream().filter(end -> !isOurs(end)).toList()).size());
        System.out.println(figures); // allow console: figures of a run
        assertThat(difference(open, expected(ends))).as("open, and nobody needs it").isEmpty();
        assertThat(difference(expected(ends), open)).as("needed, and not open").isEmpty();
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port: 9093         | port: 9092                    | waybill-audit-service-0 broker TCP/9092
            - 169.254.0.0/16   | - 169.255.0.0/16              | waybill-transfer-worker-0 cloud-metadata TCP/22
            k8s-app: kube-dns  | k8s-app: coredns              | waybill-ingest-service-0 kube-dns UDP/53
            app: keda-operator | keda: keda-operator           | keda waybill-state-processor-0 TCP/8080
            waybill-api-client: "true" | kubernetes.io/metadata.name: default | stranger waybill-ingest-service-0 TCP/8080
            """)
    void shouldNoticeAMistake(String written, String mistake, String edge, @TempDir Path directory)
            throws IOException, InterruptedException {
        String rendered = Overlays.rendered("production");
        assertThat(rendered).contains(written);
        Manifests manifests = Manifests.of(rendered.replace(written, mistake));
        List<NetworkEnd> ends = ends(manifests);

        Set<String> open = ClusterNetwork.open(ends, PORTS, PolicyRules.of(manifests, ends), directory);

        var wrong = difference(open, expected(ends));
        wrong.addAll(difference(expected(ends), open));
        assertThat(wrong).contains(edge);
    }

    private static Set<String> difference(Set<String> all, Set<String> without) {
        var rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }
}
