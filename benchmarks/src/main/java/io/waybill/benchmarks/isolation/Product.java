package io.waybill.benchmarks.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.ObjectStore;
import io.waybill.store.ObjectWriter;
import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The whole product as {@code ./waybill up} runs it, in this JVM, with twelve routes from three buckets to ten partners.
 * Its services reach the store through a front that can make trouble; {@link #store} does not.
 */
final class Product implements AutoCloseable {
    /** The bucket without trouble. */
    static final String GOOD_BUCKET = "outbound";

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddedProcess process;
    private final TroubledStore front;
    private final Running running;
    private final ObjectWriter store;
    private final HttpClient http = HttpClient.newHttpClient();

    private Product(EmbeddedProcess process, TroubledStore front, Running running) {
        this.process = process;
        this.front = front;
        this.running = running;
        // The file leads to the store itself; only the flags of this process lead to the front.
        store = ObjectStore.writer(WaybillConfig.load(
                running.configurationFile(), Overrides.NONE, Services.sections()).s3());
    }

    static Product start(Path directory, Partners partners, Duration slowness)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path user = Files.writeString(directory.resolve("user.yaml"), yaml(partners));
        int port = FreePort.find();
        var front = new TroubledStore(0, port, slowness);
        var settings = new EmbeddedProcess.Settings(
                directory.resolve("data"),
                new EmbeddedPorts(0, port, 0, 0, 0),
                Optional.of(user),
                new Overrides(Map.of("s3.endpoint", front.endpoint().toString()), Map.of()),
                false,
                Services.ALL);
        var process = new EmbeddedProcess(settings, ProcessClock.system());
        try {
            return new Product(process, front, process.start((_, _) -> {}).orElseThrow());
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            front.close();
            throw e;
        }
    }

    private static String yaml(Partners partners) {
        var yaml = new StringBuilder("destinations:\n").append(partners.yaml()).append("routes:\n");
        for (int i = 0; i < Partners.GOOD; i++) {
            yaml.append(route(Partners.goodName(i), GOOD_BUCKET, Partners.goodName(i) + "/", Partners.goodName(i)));
        }
        Partners.BAD.forEach(bad -> yaml.append(route(bad, GOOD_BUCKET, bad + "/", bad)));
        // Bad buckets for good partners, whose other files must not wait for them.
        return yaml.append(route(TroubledStore.FORBIDDEN, TroubledStore.FORBIDDEN, "", Partners.goodName(0)))
                .append(route(TroubledStore.SLOW, TroubledStore.SLOW, "", Partners.goodName(1)))
                .toString();
    }

    private static String route(String name, String bucket, String prefix, String destination) {
        return "  %s: { source: { bucket: %s, prefix: \"%s\" }, deliver: { destination: %s, path: \"/{name}\" } }%n"
                .formatted(name, bucket, prefix, destination);
    }

    ObjectWriter store() {
        return store;
    }

    void trouble(boolean on) {
        front.trouble(on);
    }

    /** How many files of a route have this status. */
    int count(String route, String status) throws IOException, InterruptedException {
        String query = "/v1/files?limit=1000&route=" + route + "&status=" + status;
        return JSON.readTree(send(request(query).build())).path("files").size();
    }

    /** Cancels the files of a route that have not ended. */
    void cancel(String route) throws IOException, InterruptedException {
        String cursor = "null";
        do {
            String body = "{\"filter\":{\"route\":\"" + route + "\"},\"by\":\"bench\",\"reason\":\"end of a phase\","
                    + "\"ratePerSecond\":10000,\"cursor\":" + cursor + "}";
            JsonNode answer = JSON.readTree(send(request("/v1/cancel")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build()));
            cursor = answer.path("cursor").isTextual() ? answer.path("cursor").toString() : "null";
        } while (!cursor.equals("null"));
    }

    private HttpRequest.Builder request(String path) {
        int port = running.config().http().port();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(ANSWER_LIMIT);
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(request.uri() + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        http.close();
        store.close();
        process.close();
        front.close();
    }
}
