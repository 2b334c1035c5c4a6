package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.launcher.process.ServiceProcess;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.SftpDestination;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * One stack, one OpenSSH server, one file for each way in which a delivery can go wrong, and one that goes right. The
 * worker starts last, so that an object can vanish for certain before its work is done.
 */
@RequiresOpenSsh
final class FailureKindsIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named(
            "io.waybill.worker.connections.Breaker",
            "io.waybill.worker.delivery.AttemptReporter",
            "io.waybill.ingest.BatchResult");

    private static final ProcessClock CLOCK = ProcessClock.system();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path scratch;

    @Test
    void shouldNameEachFailureAndShowNoPartOfAFile() throws Exception {
        Files.createDirectories(scratch.resolve("stranger"));
        try (var server = OpenSshServer.start(scratch.resolve("ssh"));
                var other = OpenSshServer.start(scratch.resolve("other"));
                var stack = new EmbeddedProcess(settings(server, other), CLOCK)) {
            Running running = stack.start((_, _) -> {}).orElseThrow();
            Path invoice = Files.writeString(scratch.resolve("invoice.csv"), "number,amount\n1,99.95\n");
            var sent = List.of("right", "wrong-host-key", "wrong-user", "missing-directory", "vanished", "unsafe");
            try (var store = ObjectStore.writer(running.config().s3())) {
                for (String route : sent) {
                    String key = route.equals("unsafe") ? "unsafe/..\\..\\etc" : route + "/invoice.csv";
                    store.put("cases", key, invoice, Content.of(invoice).sha256());
                }
                awaitFiles(running, "status=PENDING", sent.size() - 1);
                // The embedded store keeps each object as a file of its folder.
                Files.delete(scratch.resolve("data/s3/cases/vanished/invoice.csv"));
            }
            WaybillConfig worker = WaybillConfig.load(
                    running.configurationFile(),
                    new Overrides(Map.of("http.port", "0"), Map.of()),
                    Services.sections());
            try (var services =
                    new ServiceProcess(worker, List.of(Services.of("transfer-worker").orElseThrow()), CLOCK)) {
                services.start((_, _) -> {});
                awaitFiles(running, "status=COMPLETED", 1);
                awaitFiles(running, "status=FAILED", 3);
                awaitDeferred(running, 2);
            }

            assertThat(failuresByRoute(running, "status=PENDING")).isEqualTo(Map.of(
                    "wrong-host-key", "HOST_KEY",
                    "wrong-user", "AUTHENTICATION"));
            assertThat(failuresByRoute(running, "status=FAILED")).isEqualTo(Map.of(
                    "missing-directory", "PATH_MISSING",
                    "vanished", "SOURCE_GONE",
                    "unsafe", "BAD_NAME"));
            assertThat(filesBelow(server.files())).containsExactly("right.csv");
            assertThat(server.files().resolve("right.csv")).hasSameBinaryContentAs(invoice);
        }
    }

    private EmbeddedProcess.Settings settings(OpenSshServer server, OpenSshServer other) throws IOException {
        String yaml = destination(server, server.hostKey(), server.userKey()).yaml("right")
                + destination(server, other.hostKey(), server.userKey()).yaml("wrong-host-key")
                + destination(server, server.hostKey(), other.userKey()).yaml("wrong-user")
                + "routes:\n"
                + route("right", "right", "/right.csv")
                + route("wrong-host-key", "wrong-host-key", "/host-key.csv")
                + route("wrong-user", "wrong-user", "/user.csv")
                + route("missing-directory", "right", "/nowhere/{name}")
                + route("vanished", "right", "/vanished.csv")
                + route("unsafe", "right", "/{relative}");
        Path file = Files.writeString(scratch.resolve("user.yaml"), "destinations:\n" + yaml);
        return new EmbeddedProcess.Settings(
                scratch.resolve("data"),
                EmbeddedPorts.ANY,
                Optional.of(file),
                Overrides.NONE,
                false,
                Services.except("transfer-worker"));
    }

    private static SftpDestination destination(OpenSshServer server, String hostKey, Path key) {
        return new SftpDestination(server.port(), server.user(), key, hostKey, server.files());
    }

    private static String route(String name, String destination, String path) {
        return """
                  %s:
                    source: { bucket: cases, prefix: %s/ }
                    deliver: { destination: %s, path: "%s" }
                """.formatted(name, name, destination, path);
    }

    /** The failures of failed files, and what files that wait are waiting for. */
    private static Map<String, String> failuresByRoute(Running running, String query)
            throws IOException, InterruptedException {
        var kinds = new HashMap<String, String>();
        for (JsonNode file : files(running, query)) {
            if (file.has("failure")) {
                kinds.put(file.path("route").asText(), file.path("failure").asText());
            }
        }
        return kinds;
    }

    private static void awaitFiles(Running running, String query, int count) {
        await(count + " files with " + query)
                .untilAsserted(() -> assertThat(files(running, query)).hasSize(count));
    }

    private static void awaitDeferred(Running running, int count) {
        await(count + " deferred files")
                .untilAsserted(() -> assertThat(failuresByRoute(running, "status=PENDING")).hasSize(count));
    }

    private static JsonNode files(Running running, String query) throws IOException, InterruptedException {
        var http = running.config().http();
        var address = URI.create("http://" + http.host() + ":" + http.port() + "/v1/files?" + query);
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("files");
        }
    }

    private static List<String> filesBelow(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
