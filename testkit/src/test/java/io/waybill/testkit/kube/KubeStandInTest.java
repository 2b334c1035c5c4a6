package io.waybill.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.testkit.RequiresUserNamespaces;
import io.waybill.testkit.kube.manifest.Manifests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the other tests take for granted about the stand-in. */
@RequiresUserNamespaces
@SuppressWarnings("try") // closing may be interrupted, and says so
final class KubeStandInTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    /** A web server that shows the file system of its container; the file "ready" makes it ready. */
    private static final String WEB = """
            kind: ConfigMap
            metadata: { name: settings, namespace: shop }
            data: { greeting: hello }
            ---
            kind: Service
            metadata: { name: web, namespace: shop }
            spec: { selector: { app: web }, ports: [ { port: 80, targetPort: http } ] }
            ---
            kind: PodDisruptionBudget
            metadata: { name: web, namespace: shop }
            spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
            ---
            kind: StatefulSet
            metadata: { name: web, namespace: shop }
            spec:
              replicas: 2
              serviceName: web
              template:
                metadata: { labels: { app: web } }
                spec:
                  enableServiceLinks: false
                  terminationGracePeriodSeconds: 20
                  securityContext: { runAsNonRoot: true }
                  containers:
                    - name: web
                      image: web
                      securityContext: { readOnlyRootFilesystem: true }
                      command: [ /bin/sh, -c ]
                      args:
                        - |
                          id -u > /data/identity
                          hostname > /data/host
                          env > /data/env
                          { echo > /written; } 2>/dev/null && echo > /data/root-is-writable
                          grep CapEff /proc/self/status > /data/capabilities
                          while :; do cat /etc/settings/greeting > /data/greeting; sleep 0.2; done &
                          exec java -Xmx32m -m jdk.httpserver -b $(ADDRESS) -p 8080 -d /data -o none
                      env:
                        - { name: ORDINAL, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
                        - { name: PATH, value: "/opt/java/bin:/usr/bin:/bin" }
                      ports: [ { name: http, containerPort: 8080 } ]
                      startupProbe: { httpGet: { path: /identity, port: http }, periodSeconds: 1, failureThreshold: 60 }
                      readinessProbe: { httpGet: { path: /identity, port: http }, periodSeconds: 1 }
                      volumeMounts:
                        - { name: data, mountPath: /data }
                        - { name: settings, mountPath: /etc/settings }
                  volumes: [ { name: settings, configMap: { name: settings } } ]
              volumeClaimTemplates: [ { metadata: { name: data } } ]
            """;

    /** It does not end when it is asked to. */
    private static final String DEAF = """
            kind: StatefulSet
            metadata: { name: deaf }
            spec:
              replicas: 1
              template:
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: deaf
                      image: deaf
                      securityContext: { readOnlyRootFilesystem: true }
                      command: [ /bin/sh, -c, "trap '' TERM; while :; do sleep 1; done" ]
            """;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void shouldRunPodsAsTheirManifestSaysAndReplaceThemOneByOne() throws Exception {
        try (var kube = standIn()) {
            kube.apply(Manifests.parse(WEB));
            awaitSettled(kube);
            assertThat(data(0, "identity")).isEqualTo("10001");
            assertThat(data(1, "host")).isEqualTo("web-1");
            assertThat(data(1, "env")).contains("ORDINAL=web-1").doesNotContain("WEB_SERVICE_HOST");
            assertThat(data(0, "capabilities")).endsWith("0000000000000000");
            assertThat(directory.resolve("kube/claims/data-web-0/root-is-writable")).doesNotExist();
            await().atMost(SOON).until(() -> data(0, "greeting").equals("hello"));

            kube.apply(Manifests.parse(WEB.replace("greeting: hello", "greeting: welcome")));
            await().atMost(SOON).until(() -> data(0, "greeting").equals("welcome"));

            var first = kube.pods("web");
            assertThat(kube.evict("web-1")).isTrue();
            assertThat(kube.evict("web-0")).isFalse();
            awaitSettled(kube);
            kube.restart("web");
            await().atMost(SOON).until(() -> {
                // One is always there.
                assertThat(ask(kube, "/identity")).isEqualTo("10001");
                return kube.isSettled();
            });
            assertThat(kube.pods("web")).doesNotContainAnyElementsOf(first);
            assertThat(kube.ends()).hasSize(3).allSatisfy(end -> {
                assertThat(end.asked()).isTrue();
                assertThat(end.killed()).isFalse();
            });
        }
    }

    @Test
    void shouldKillWhatDoesNotEndWithinItsGrace() throws Exception {
        try (var kube = standIn()) {
            kube.apply(Manifests.parse(DEAF));
            awaitSettled(kube);
            kube.scale("deaf", 0);
            awaitSettled(kube);

            assertThat(kube.ends()).singleElement().satisfies(end -> {
                assertThat(end.killed()).isTrue();
                assertThat(end.exitCode()).isEqualTo(137);
                assertThat(end.took()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            });
        }
    }

    @Test
    void shouldStartAContainerAgainThatCrashes() throws Exception {
        try (var kube = standIn()) {
            kube.apply(Manifests.parse(DEAF));
            awaitSettled(kube);
            var pod = kube.pod("deaf-0");
            pod.crash();
            await().atMost(SOON).until(() -> kube.ends().size() == 1 && kube.isSettled());

            assertThat(kube.pod("deaf-0")).isSameAs(pod);
            assertThat(kube.ends().getFirst().asked()).isFalse();
        }
    }

    private KubeStandIn standIn() throws IOException {
        return new KubeStandIn(new KubeStandIn.Settings(
                directory.resolve("kube"),
                MachineImage.in(directory.resolve("image"), Map.of(), List.of()),
                Map.of(),
                "",
                List.of("ADDRESS"),
                Duration.ofSeconds(1)));
    }

    private static void awaitSettled(KubeStandIn kube) {
        await().atMost(SOON).until(kube::isSettled);
    }

    private String data(int ordinal, String name) throws IOException {
        return Files.readString(directory.resolve("kube/claims/data-web-" + ordinal).resolve(name)).strip();
    }

    private String ask(KubeStandIn kube, String path) throws IOException, InterruptedException {
        URI address = kube.resolve(URI.create("http://web.shop.svc:80" + path));
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body().strip();
    }
}
