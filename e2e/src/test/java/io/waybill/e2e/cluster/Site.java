package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.e2e.CommandRun;
import io.waybill.e2e.LauncherProcess;
import io.waybill.runtime.service.Closing;
import io.waybill.testkit.FreePort;
import io.waybill.testkit.brokers.BrokerCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Kafka cluster of one broker, with the services that use it, each group of them in a process of its own. */
@SuppressWarnings("try") // close() throws what the parts throw
final class Site implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern LAG = Pattern.compile("(?m)^waybill_lag_records\\{[^}]*} (\\S+)$");

    private final Closing closing = new Closing();
    private final Path directory;
    private final int api = FreePort.find();
    private final Path configuration;
    private final BrokerCluster brokers;
    private final List<LauncherProcess> processes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * @param rest of the configuration, the same for both
     */
    Site(Path directory, String rest) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        brokers = closing.add(BrokerCluster.startOne(directory.resolve("broker")));
        configuration = Files.writeString(
                directory.resolve("waybill.yaml"),
                """
                kafka: { bootstrap.servers: "%s", enable.metrics.push: false }
                http: { port: %d }
                streams: { stateDirectory: %s }
                %s""".formatted(brokers.bootstrapServers(), api, directory.resolve("streams"), rest));
    }

    Path configuration() {
        return configuration;
    }

    /** What services log. */
    Path log() {
        return directory.resolve("services.log");
    }

    String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    /** Starts services in a process, whose endpoint has the port of the configuration. */
    void runWithApi(String... services) throws IOException {
        run(List.of(), services);
    }

    /** Starts services in a process whose endpoint has another port, and returns when they have read all there is. */
    void runBeside(String... services) throws IOException {
        int port = FreePort.find();
        run(List.of("--set", "http.port=" + port), services);
        await("what " + List.of(services) + " read").until(() -> isCaughtUp(port));
    }

    private void run(List<String> further, String... services) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add("run");
        arguments.addAll(Arrays.asList(services));
        arguments.addAll(List.of("--config", configuration.toString()));
        arguments.addAll(further);
        processes.add(closing.add(LauncherProcess.start(log(), arguments)));
    }

    /** As a fire does: the broker first, then the services, with no chance for any of them. */
    void destroy() throws InterruptedException {
        brokers.node(1).kill();
        for (LauncherProcess process : processes) {
            process.kill();
        }
    }

    CommandRun command(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--config", configuration.toString()));
        return CommandRun.of(line);
    }

    JsonNode json(String... arguments) throws IOException {
        var run = command(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new));
        if (run.out().isBlank()) {
            throw new AssertionError(String.join(" ", arguments) + ": " + run.err());
        }
        return JSON.readTree(run.out());
    }

    /** Whether the process with the API is ready and has read all there is. */
    boolean isCaughtUp() throws InterruptedException {
        return isCaughtUp(api);
    }

    private boolean isCaughtUp(int port) throws InterruptedException {
        var endpoint = URI.create("http://127.0.0.1:" + port);
        try {
            if (get(endpoint.resolve("/readyz")).isEmpty()) {
                return false;
            }
            var lag = LAG.matcher(get(endpoint.resolve("/metrics")));
            boolean some = false;
            while (lag.find()) {
                some = true;
                if (Double.parseDouble(lag.group(1)) > 0) {
                    return false;
                }
            }
            return some;
        } catch (IOException e) {
            return false;
        }
    }

    private String get(URI address) throws IOException, InterruptedException {
        var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : "";
    }

    @Override
    public void close() throws Exception {
        http.shutdownNow();
        closing.close();
    }
}
