package io.waybill.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.text.Reasons;
import io.waybill.state.query.TableNotReadyException;
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
 * Passes requests to other instances. An instance that gets such a request answers it itself. So two instances that
 * disagree during a rebalance do not pass a request to and fro.
 */
public final class PeerClient implements AutoCloseable {
    private static final String PASSED_ON = "Waybill-Passed-On";
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private volatile @Nullable HttpClient client;

    /** Call this once, before the first request comes. */
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

    /** Sends the request to another instance and returns its answer unchanged. */
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

    /** The answers of several instances that are still on their way. */
    static final class Asked<T> {
        private final List<URI> peers;
        private final List<CompletableFuture<HttpResponse<String>>> answers;
        private final Class<T> type;

        private Asked(List<URI> peers, List<CompletableFuture<HttpResponse<String>>> answers, Class<T> type) {
            this.peers = peers;
            this.answers = answers;
            this.type = type;
        }

        /** Waits for the answers. All instances must answer, because a part of the files would look like all files. */
        List<T> answers() {
            return IntStream.range(0, peers.size())
                    .mapToObj(i -> read(peers.get(i), answers.get(i), type))
                    .toList();
        }
    }

    /** Asks all these instances the same question at the same time. */
    <T> Asked<T> asked(String address, List<URI> peers, Class<T> answer) {
        return new Asked<>(
                peers,
                peers.stream()
                        .map(peer -> client().sendAsync(
                                to(peer, address).GET().build(), BodyHandlers.ofString()))
                        .toList(),
                answer);
    }

    /**
     * The answer of another instance to a request.
     *
     * @param error the reason why it refused the request; empty if it accepted
     */
    record Answer(int status, String error) {}

    /** Sends a request to another instance. */
    Answer post(URI peer, String address, Object body) {
        var request = to(peer, address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ApiJson.write(body)))
                .build();
        try {
            HttpResponse<String> answer = client().sendAsync(request, BodyHandlers.ofString()).join();
            boolean done = answer.statusCode() < 300;
            return new Answer(answer.statusCode(), done ? "" : error(answer));
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

    private static String error(HttpResponse<String> answer) throws JsonProcessingException {
        return ApiJson.read(answer.body(), ErrorAnswer.class).error();
    }

    private static <T> T read(URI peer, CompletableFuture<HttpResponse<String>> answer, Class<T> type) {
        try {
            HttpResponse<String> response = answer.join();
            if (response.statusCode() != 200) {
                throw ApiException.unavailable("the instance at " + peer + " answers: " + error(response));
            }
            return ApiJson.read(response.body(), type);
        } catch (CompletionException | JsonProcessingException e) {
            throw unreachable(peer, e);
        }
    }

    private static ApiException unreachable(URI peer, Exception e) {
        return ApiException.unavailable("the instance at " + peer + " owns a part of the table and does not answer: "
                + Reasons.of(e));
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
