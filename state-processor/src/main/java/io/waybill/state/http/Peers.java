package io.waybill.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.waybill.state.table.TableNotReadyException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests on to other instances. What has been passed on once is answered by whoever it reaches, so that two
 * instances that disagree during a rebalance do not send a request to and fro.
 */
public final class Peers implements AutoCloseable {
    private static final String PASSED_ON = "Waybill-Passed-On";
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private volatile @Nullable HttpClient client;

    /** To be called once, before requests come. */
    public void start() {
        client = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
    }

    private HttpClient client() {
        HttpClient started = client;
        if (started == null) {
            throw new TableNotReadyException("the state-processor has not started");
        }
        return started;
    }

    static boolean passedOn(Context http) {
        return http.header(PASSED_ON) != null;
    }

    /** Has another instance answer, and gives its answer as it is. */
    void passOn(Context http, URI peer) {
        try {
            HttpResponse<String> answer = client().sendAsync(request(http, peer), BodyHandlers.ofString()).join();
            http.status(answer.statusCode())
                    .contentType(answer.headers().firstValue("Content-Type").orElse("application/json"))
                    .result(answer.body());
        } catch (CompletionException e) {
            throw unreachable(peer, e);
        }
    }

    /** Questions on their way to several instances. */
    static final class Asked {
        private final List<URI> peers;
        private final List<CompletableFuture<HttpResponse<String>>> answers;

        private Asked(List<URI> peers, List<CompletableFuture<HttpResponse<String>>> answers) {
            this.peers = peers;
            this.answers = answers;
        }

        /** Waits for them. All must answer: a part would look like the whole. */
        List<JsonNode> answers() {
            return IntStream.range(0, peers.size())
                    .mapToObj(i -> parsed(peers.get(i), answers.get(i)))
                    .toList();
        }
    }

    /** Asks all of them the same at one time. */
    Asked asked(String address, List<URI> peers) {
        return new Asked(peers, peers.stream()
                .map(peer -> client().sendAsync(
                        to(peer, address).GET().build(), BodyHandlers.ofString()))
                .toList());
    }

    /** What another instance says to a request. */
    record Answer(int status, JsonNode body) {}

    /** Asks another instance to do something. */
    Answer post(URI peer, String address, JsonNode body) {
        var request = to(peer, address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> answer = client().sendAsync(request, BodyHandlers.ofString()).join();
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (CompletionException | JsonProcessingException e) {
            throw unreachable(peer, e);
        }
    }

    @Override
    public void close() {
        HttpClient started = client;
        if (started != null) {
            started.shutdownNow();
        }
    }

    private static JsonNode parsed(URI peer, CompletableFuture<HttpResponse<String>> answer) {
        try {
            HttpResponse<String> response = answer.join();
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw ApiException.unavailable(
                        "the instance at " + peer + " answers: " + body.path("error").asText(response.body()));
            }
            return body;
        } catch (CompletionException | JsonProcessingException e) {
            throw unreachable(peer, e);
        }
    }

    private static ApiException unreachable(URI peer, Exception e) {
        Throwable cause = e.getCause() instanceof IOException io ? io : e;
        return ApiException.unavailable("the instance at " + peer + " owns a part of the table and does not answer: "
                + cause);
    }

    private static HttpRequest request(Context http, URI peer) {
        String query = http.queryString();
        var request = to(peer, http.path() + (query == null ? "" : "?" + query));
        String type = http.contentType();
        if (type != null) {
            request.header("Content-Type", type);
        }
        return request.method(http.method().name(), HttpRequest.BodyPublishers.ofString(http.body()))
                .build();
    }

    private static HttpRequest.Builder to(URI peer, String address) {
        return HttpRequest.newBuilder(peer.resolve(address)).timeout(ANSWER_LIMIT).header(PASSED_ON, "1");
    }
}
