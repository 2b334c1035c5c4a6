package io.waybill.testkit.kube.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A question to a container, with the numbers of its manifest.
 *
 * @param path of a GET request; null for a question whether the port takes connections
 */
record Probe(
        int port,
        @Nullable String path,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold) {

    static Probe of(JsonNode probe, PodTemplate template) {
        JsonNode http = probe.path("httpGet");
        if (http.path("scheme").asText("HTTP").equals("HTTPS") || !http.isObject() && !probe.has("tcpSocket")) {
            throw new IllegalArgumentException("nobody here plays the probe " + probe);
        }
        JsonNode port = http.isObject() ? http.path("port") : probe.at("/tcpSocket/port");
        return new Probe(
                template.port(port),
                http.isObject() ? http.path("path").asText("/") : null,
                seconds(probe, "initialDelaySeconds", 0),
                seconds(probe, "periodSeconds", 10),
                seconds(probe, "timeoutSeconds", 1),
                probe.path("successThreshold").asInt(1),
                probe.path("failureThreshold").asInt(3));
    }

    private static Duration seconds(JsonNode probe, String field, int otherwise) {
        return Duration.ofSeconds(probe.path(field).asInt(otherwise));
    }

    /** Whether the container answers as it should, in time. */
    boolean passes(String address, HttpClient http) throws InterruptedException {
        try {
            if (path == null) {
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, port), (int) timeout.toMillis());
                    return true;
                }
            }
            var request = HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
                    .timeout(timeout)
                    .build();
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 400;
        } catch (IOException e) {
            return false;
        }
    }
}
