package io.waybill.e2e.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The Prometheus of the system. It asks once a second. */
public final class PrometheusServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI address;

    private PrometheusServer(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** One that asks the workers of a cluster, as a ServiceMonitor would have it. */
    static PrometheusServer start(Path directory, ClusterStandIn cluster) throws IOException {
        return start(directory, configuration(cluster));
    }

    /**
     * Starts one, and returns when it answers.
     *
     * @param directory for its data and its log
     * @param scraping  the rest of its configuration: which files of rules it reads, and whom it asks
     */
    public static PrometheusServer start(Path directory, String scraping) throws IOException {
        Path configuration = Files.writeString(
                directory.resolve("prometheus.yml"),
                "global: { scrape_interval: 1s, evaluation_interval: 1s }\n" + scraping);
        int port = FreePort.find();
        Process process = new ProcessBuilder(
                "prometheus", "--config.file=" + configuration, "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port, "--log.level=error")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        var server = new PrometheusServer(process, URI.create("http://127.0.0.1:" + port));
        Awaitility.await().atMost(START).until(server::isReady);
        return server;
    }

    private static String configuration(ClusterStandIn cluster) {
        var text = new StringBuilder("scrape_configs:\n- job_name: workers\n  static_configs:\n");
        for (Canary canary : Canary.values()) {
            for (int i = 0; i < ClusterStandIn.WORKERS; i++) {
                String pod = "waybill-transfer-worker-" + i;
                text.append("  - targets: ['127.0.0.1:%d']\n".formatted(cluster.port()))
                        .append("    labels: { namespace: %1$s, pod: %2$s, __metrics_path__: /metrics/%1$s/%2$s }\n"
                                .formatted(canary.namespace(), pod));
            }
        }
        return text.toString();
    }

    private boolean isReady() throws InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address.resolve("/-/ready")).build(), BodyHandlers.discarding())
                    .statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    URI address() {
        return address;
    }

    /**
     * What its API answers.
     *
     * @param path below {@code /api/v1/}
     */
    public JsonNode ask(String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            String answer = client.send(
                    HttpRequest.newBuilder(address.resolve("/api/v1/" + path)).build(), BodyHandlers.ofString())
                    .body();
            return JSON.readTree(answer).path("data");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
