package io.waybill.testkit.kube.scale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** KEDA's {@code metrics-api} trigger: a number in a JSON document. */
public final class MetricsApiTrigger implements Trigger {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;
    private final String pointer;
    private final double target;
    private final double activation;
    private final UnaryOperator<URI> resolution;
    private final Optional<String> token;

    /**
     * @param metadata   of the trigger
     * @param resolution from a name within the cluster to an address here
     * @param token      that the trigger's authentication gives
     */
    public MetricsApiTrigger(JsonNode metadata, UnaryOperator<URI> resolution, Optional<String> token) {
        url = URI.create(metadata.path("url").asText());
        pointer = "/" + metadata.path("valueLocation").asText().replace('.', '/');
        target = metadata.path("targetValue").asDouble();
        activation = metadata.path("activationTargetValue").asDouble(0);
        this.resolution = resolution;
        this.token = token;
    }

    @Override
    public Reading read() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(resolution.apply(url)).timeout(LIMIT);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        JsonNode value = answer.statusCode() == 200 ? JSON.readTree(answer.body()).at(pointer) : null;
        if (value == null || !value.isNumber()) {
            throw new IOException("no number at " + pointer + " of " + url + ", which answers " + answer.statusCode());
        }
        return new Reading(value.asDouble(), target, value.asDouble() > activation);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
