package io.waybill.launcher.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The HTTP API of the state-processor, as the commands need it. */
final class ApiClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    ApiClient(HttpSettings settings) {
        // What a server binds to means "every address"; a client needs one of them.
        String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
        base = URI.create("http://" + host + ":" + settings.port());
    }

    /**
     * Asks for something.
     *
     * @param query empty values are left out
     * @return empty if the API knows nothing of it
     */
    Optional<JsonNode> get(String path, Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        var address = base.resolve(parameters.isEmpty() ? path : path + "?" + parameters);
        return answer(HttpRequest.newBuilder(address));
    }

    /** Asks for something to be done; empty if the API does not know what it is to be done to. */
    Optional<JsonNode> post(String path, Object body) {
        return answer(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.valueToTree(body).toString())));
    }

    private Optional<JsonNode> answer(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request.timeout(ANSWER_LIMIT).build());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        JsonNode body = parsed(response.body());
        if (response.statusCode() >= 300) {
            String reason = Terminal.printable(body.path("error").asText(response.body()));
            boolean ours = response.statusCode() < 500;
            throw CommandException.failed(
                    ours ? reason : "the HTTP API at " + base + " answers " + response.statusCode() + ": " + reason);
        }
        return Optional.of(body);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw CommandException.failed("no connection to the HTTP API at " + base
                    + ". Is './waybill up' running, or 'waybill run state-processor' with this configuration?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted");
        }
    }

    private JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw CommandException.failed("what answers at " + base + " is not Waybill's HTTP API; is another program"
                    + " listening there?");
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
