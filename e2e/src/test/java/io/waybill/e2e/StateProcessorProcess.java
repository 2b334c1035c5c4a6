package io.waybill.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.domain.FileId;
import io.waybill.domain.Status;
import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One instance of the state-processor, in a process of its own, which keeps its name and its port over a restart. */
final class StateProcessorProcess implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private final Path log;
    private final List<String> arguments;
    private final URI api;
    private final HttpClient http = HttpClient.newHttpClient();
    private LauncherProcess process;

    /**
     * @param name of the instance
     */
    StateProcessorProcess(Path log, Path configuration, String name) throws IOException {
        int port = FreePort.find();
        this.log = log;
        arguments = List.of(
                "run", "state-processor", "--config", configuration.toString(),
                "--set", "streams.instanceId=" + name, "--set", "http.port=" + port);
        api = URI.create("http://127.0.0.1:" + port);
        process = LauncherProcess.start(log, arguments);
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    void startAgain() throws IOException {
        process = LauncherProcess.start(log, arguments);
    }

    boolean ready() {
        return get("/readyz").isPresent();
    }

    /** How many files are known; empty when that cannot be said now. */
    Optional<Long> files() {
        return get("/v1/summary").map(summary -> summary.path("files").asLong());
    }

    /** How a file stands; empty if it is not known, or cannot be said now. */
    Optional<Status> status(FileId id) {
        return get("/v1/files/" + id.value()).map(file -> Status.valueOf(file.path("status").asText()));
    }

    /** The ids of all files in a status; empty when one page is not answered. */
    Optional<Set<String>> ids(String status) {
        var ids = new HashSet<String>();
        String cursor = "";
        do {
            Optional<JsonNode> page = get("/v1/files?limit=1000&status=" + status + cursor);
            if (page.isEmpty()) {
                return Optional.empty();
            }
            page.get().path("files").forEach(file -> ids.add(file.path("id").asText()));
            JsonNode next = page.get().path("cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        return Optional.of(ids);
    }

    private Optional<JsonNode> get(String path) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(api.resolve(path)).timeout(ANSWER_LIMIT).build(), BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.close();
        http.shutdownNow();
    }
}
