package io.waybill.e2e.cluster;

import io.waybill.testkit.kube.manifest.Manifests;
import io.waybill.testkit.npm.NpmTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The manifests of {@code deploy/k8s}, as kubectl renders them with an overlay for this machine. The overlay is what a team
 * would write: its configuration and its secrets. Beyond that it changes only how much memory a JVM takes, since nobody here
 * enforces limits, and how long an autoscaler waits.
 */
final class DeployedManifests {
    /** Workers by the lag of their topic. */
    static final String KEDA = "keda";

    /** Workers by what the API says; also none. */
    static final String KEDA_TO_ZERO = "keda-to-zero";

    private static final Path K8S = Path.of("..", "deploy", "k8s");

    /** Those that have two replicas, for a standby of their stores. */
    private static final List<String> WITH_STORE = List.of("state-processor", "timeout-monitor", "audit-service");

    /** What the JVM chooses by itself below a limit of 768 MiB: a quarter of it, and the collector of small machines. */
    private static final String OTHERS = "-Xmx192m -XX:+UseSerialGC";

    private static final String WORKERS = "-Xmx128m -XX:+UseSerialGC";

    private DeployedManifests() {}

    /**
     * @param overlay       a new directory
     * @param configuration files of {@code /etc/waybill}, by their names
     * @param secrets       files of {@code /etc/waybill-secrets}, by their names
     * @param components    of {@code deploy/k8s/components}
     */
    static Manifests render(
            Path overlay, Map<String, String> configuration, Map<String, String> secrets, List<String> components)
            throws IOException {
        Files.createDirectories(overlay);
        var files = new TreeMap<>(configuration);
        secrets.forEach((key, value) -> files.put("secret-" + key, value));
        for (var file : files.entrySet()) {
            Files.writeString(overlay.resolve(file.getKey()), file.getValue());
        }
        // Kustomize takes no absolute directories.
        String shipped = overlay.toRealPath().relativize(K8S.toRealPath()).toString();
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: waybill
                resources: [ %s/base ]
                components:
                %s
                replicas:
                %s
                configMapGenerator:
                  - { name: waybill-config, behavior: merge, files: [ %s ] }
                secretGenerator:
                  - { name: waybill-secrets, files: [ %s ] }
                  - { name: waybill-prometheus, literals: [ token=only-for-this-test-prometheus ] }
                  - { name: waybill-scaler-token, literals: [ token=only-for-this-test-scaler ] }
                patches:
                %s
                """.formatted(
                shipped,
                lines(components, "- " + shipped + "/components/%s"),
                lines(WITH_STORE, "- { name: waybill-%s, count: 1 }"),
                String.join(", ", configuration.keySet()),
                secrets.keySet().stream().map(key -> key + "=secret-" + key).collect(Collectors.joining(", ")),
                String.join("\n", jvm("waybill-transfer-worker", WORKERS),
                        jvm("waybill-(state|timeout|audit|ingest).*", OTHERS), autoscaler(components))));
        return Manifests.parse(NpmTools.kustomize(overlay));
    }

    private static String lines(List<String> words, String line) {
        return words.stream().map(word -> "  " + line.formatted(word)).collect(Collectors.joining("\n"));
    }

    private static String jvm(String names, String options) {
        return """
                  - target: { kind: StatefulSet, name: "%s" }
                    patch: |-
                      - op: add
                        path: /spec/template/spec/containers/0/env/-
                        value: { name: JAVA_TOOL_OPTIONS, value: "%s" }\
                """.formatted(names, options);
    }

    /** As many workers as there are partitions here, less lag for each, and seconds where the manifests have minutes. */
    private static String autoscaler(List<String> components) {
        if (components.stream().noneMatch(component -> component.startsWith(KEDA))) {
            return "";
        }
        String own = components.contains(KEDA_TO_ZERO)
                ? "- { op: replace, path: /spec/cooldownPeriod, value: 10 }"
                : "- { op: replace, path: /spec/triggers/0/metadata/lagThreshold, value: '40' }";
        String behavior = "/spec/advanced/horizontalPodAutoscalerConfig/behavior";
        return """
                  - target: { kind: ScaledObject }
                    patch: |-
                      - { op: replace, path: /spec/maxReplicaCount, value: 6 }
                      - { op: replace, path: /spec/pollingInterval, value: 2 }
                      - { op: replace, path: %1$s/scaleUp/policies/0/periodSeconds, value: 5 }
                      - { op: replace, path: %1$s/scaleDown/stabilizationWindowSeconds, value: 20 }
                      - { op: replace, path: %1$s/scaleDown/policies/0/periodSeconds, value: 10 }
                      %2$s\
                """.formatted(behavior, own);
    }
}
