package io.waybill.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.waybill.testkit.api.ApiContract;
import io.waybill.testkit.api.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the API, and holds each of them and its answer against docs/openapi.yaml.
 *
 * @param <T> this type
 */
abstract class ApiCaller<T> implements AutoCloseable {
    /** A resend of many files says since when they were delivered. */
    private static final String SINCE = ",\"since\":\"2026-01-01T00:00:00Z\"";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ApiContract contract;
    private HttpClient client = HttpClient.newHttpClient();
    private Map<String, String> login = Map.of();

    /**
     * @param contract what all requests and answers are held against
     */
    ApiCaller(ApiContract contract) {
        this.contract = contract;
    }

    /** Where the API is. */
    abstract URI base();

    abstract T self();

    /**
     * An answer.
     *
     * @param body missing where it is no JSON
     */
    record Answer(int status, JsonNode body, String text, Map<String, List<String>> headers) {
        String error() {
            return body.path("error").asText();
        }
    }

    /**
     * A good request to a route.
     *
     * @param route such as "GET /v1/files"
     * @param id    of the file, if it is about one
     */
    Answer ask(String route, String id) throws IOException, InterruptedException {
        return ask(route, id, switch (route) {
            case "GET /v1/explain" -> "key=invoices/a";
            case "GET /v1/objects" -> "bucket=outbound&key=invoices/a";
            case "GET /v1/newer" ->
                "bucket=outbound&key=invoices/a&modified=2026-01-01T00:00:00Z&destination=acme&path=/incoming/a";
            default -> "";
        });
    }

    /**
     * The same with another query.
     *
     * @param query such as "limit=5", empty for none
     */
    Answer ask(String route, String id, String query) throws IOException, InterruptedException {
        String method = route.substring(0, route.indexOf(' '));
        String path = route.substring(route.indexOf(' ') + 1).replace("{id}", id)
                .replace("{name}", route.contains("/v1/routes/") ? "invoices" : "acme");
        String address = query.isEmpty() ? path : path + "?" + query;
        if (method.equals("GET")) {
            return get(address);
        }
        return post(address, switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "import" -> "{\"action\":\"claim\",\"by\":\"one\"}";
            case "resolve" -> "{\"resolution\":\"resend\",\"reason\":\"x\"}";
            default ->
                Stream.of("/v1/files/", "/v1/destinations/", "/v1/routes/", "/v1/approvals/").anyMatch(path::startsWith)
                        ? "{\"reason\":\"x\"}"
                        : "{\"filter\":{\"route\":\"pulse\"" + (path.equals("/v1/resend") ? SINCE : "")
                                + "},\"reason\":\"x\"}";
        });
    }

    /** From now on requests come from this address of this machine. */
    void from(String address) throws UnknownHostException {
        client.close();
        client = HttpClient.newBuilder().localAddress(InetAddress.getByName(address)).build();
    }

    /** From now on requests log in with this token; empty for none. */
    final T as(String token) {
        return with(token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token));
    }

    /** From now on requests log in with these headers. */
    final T with(Map<String, String> headers) {
        login = Map.copyOf(headers);
        return self();
    }

    /** A request with headers of the test's own. */
    Answer raw(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base().resolve(path)).method(method, BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return answer(method, headers.get("Content-Type"), body, request);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return answer("GET", path, null, "");
    }

    Answer post(String path, String json) throws IOException, InterruptedException {
        return post(path, json, "application/json");
    }

    Answer post(String path, String body, String type) throws IOException, InterruptedException {
        return answer("POST", path, type, body);
    }

    private Answer answer(String method, String path, @Nullable String type, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base().resolve(path)).method(method, BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        login.forEach(request::header);
        return answer(method, type, body, request);
    }

    private Answer answer(String method, @Nullable String type, String body, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        String answered = response.headers().firstValue("Content-Type").orElse(null);
        contract.check(new Exchange(
                method, response.uri(), type, body, response.statusCode(), answered, response.body()));
        boolean json = answered != null && answered.startsWith("application/json");
        return new Answer(
                response.statusCode(),
                json ? JSON.readTree(response.body()) : MissingNode.getInstance(),
                response.body(),
                response.headers().map());
    }

    @Override
    public void close() {
        client.close();
    }
}
