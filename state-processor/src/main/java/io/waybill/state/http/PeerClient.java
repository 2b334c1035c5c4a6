package io.waybill.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.call.WholeAnswers;
import io.waybill.runtime.config.AccessSettings;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import io.waybill.runtime.http.Gate;
import io.waybill.runtime.login.PeerSignature;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.tls.CallingClient;
import io.waybill.state.audit.AuditTrail;
import io.waybill.state.query.TableNotReadyException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Passes requests to other instances. An instance that gets such a request answers it itself. So two instances that
 * disagree during a rebalance do not pass a request to and fro.
 */
public final class PeerClient implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Pattern NOT_OF_ADDRESSES = Pattern.compile("[^A-Za-z0-9._~!$&'()*+,;=:@%/?-]+");

    private final boolean login;
    private final Optional<PeerSignature> signature;
    private final CallingClient calling;
    private volatile boolean started;

    /**
     * @param login     whether other instances must know who sent a request
     * @param signature with which they know it
     * @param calling   makes the calls; closed here
     */
    public PeerClient(boolean login, Optional<PeerSignature> signature, CallingClient calling) {
        this.login = login;
        this.signature = signature;
        this.calling = calling;
    }

    /** A client as the settings of the API want it. */
    public static PeerClient of(HttpSettings settings, InstantSource clock) {
        AccessSettings access = settings.access();
        return new PeerClient(
                access.login(),
                access.peerSecret().map(secret -> new PeerSignature(secret, clock)),
                new CallingClient(settings.tls(), CONNECT_LIMIT, clock));
    }

    /** Call this once, before the first request comes. */
    public void start() {
        calling.prepare();
        started = true;
    }

    private HttpClient client() {
        if (!started) {
            throw new TableNotReadyException("the state-processor has not started");
        }
        try {
            return calling.get();
        } catch (BadPemException e) {
            throw ApiException.unavailable("this instance cannot call others: http.tls: " + e.getMessage());
        }
    }

    private CompletableFuture<HttpResponse<String>> sent(HttpRequest request) {
        return WholeAnswers.ask(client(), request, BodyHandlers.ofString());
    }

    /** Whether another instance passed a request on. */
    public static boolean passedOn(Context http) {
        return http.header(PeerSignature.PASSED_ON) != null;
    }

    /** Sends the request to another instance and returns its answer unchanged. */
    void passOn(Context http, URI peer) {
        try {
            HttpResponse<String> answer = sent(request(http, peer)).join();
            if (answer.statusCode() == 401) {
                // The sender is logged in here. Only the signature of this instance can be at fault.
                throw ApiException.unavailable("the instance at " + peer + " answers: " + error(answer));
            }
            AuditTrail.leaveOut(http);
            http.status(answer.statusCode())
                    .contentType(answer.headers().firstValue("Content-Type").orElse("application/json"))
                    .result(answer.body());
        } catch (CompletionException | JsonProcessingException e) {
            throw unreachable(peer, e);
        }
    }

    /** The answers of several instances that are still on their way. */
    public static final class Asked<T> {
        private final List<URI> peers;
        private final List<CompletableFuture<HttpResponse<String>>> answers;
        private final Class<T> type;

        private Asked(List<URI> peers, List<CompletableFuture<HttpResponse<String>>> answers, Class<T> type) {
            this.peers = peers;
            this.answers = answers;
            this.type = type;
        }

        /** Waits for the answers. All instances must answer, because a part of the files would look like all files. */
        public List<T> answers() {
            return IntStream.range(0, peers.size())
                    .mapToObj(i -> read(peers.get(i), answers.get(i), type))
                    .toList();
        }
    }

    /** Asks all these instances the same question at the same time, for the sender of a request. */
    public <T> Asked<T> asked(Context http, String address, List<URI> peers, Class<T> answer) {
        return new Asked<>(
                peers,
                peers.stream()
                        .map(peer -> sent(request(http, peer, "GET", address, new byte[0]).build()))
                        .toList(),
                answer);
    }

    /**
     * The answer of another instance to a request.
     *
     * @param error the reason why it refused the request; empty if it accepted
     */
    record Answer(int status, String error) {}

    /** Sends a request to another instance, for the sender of another request. */
    Answer post(Context http, URI peer, String address, Object body) {
        var request = request(
                http, peer, "POST", address, ApiJson.write(body).getBytes(StandardCharsets.UTF_8))
                .header("Content-Type", "application/json")
                .build();
        try {
            HttpResponse<String> answer = sent(request).join();
            boolean done = answer.statusCode() < 300;
            return new Answer(answer.statusCode(), done ? "" : error(answer));
        } catch (CompletionException | JsonProcessingException e) {
            throw unreachable(peer, e);
        }
    }

    @Override
    public void close() {
        calling.close();
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

    private HttpRequest request(Context http, URI peer) {
        String query = http.queryString();
        String address = http.path() + (query == null || query.isEmpty() ? "" : "?" + encoded(query));
        // As they came, because the sender's Content-Type says how to read them.
        var request = request(http, peer, http.method().name(), address, http.bodyAsBytes());
        String type = http.contentType();
        if (type != null) {
            request.header("Content-Type", type);
        }
        return request.build();
    }

    /** Clients send characters that no address has, and servers take them. */
    private static String encoded(String query) {
        return NOT_OF_ADDRESSES.matcher(query)
                .replaceAll(found -> URLEncoder.encode(found.group(), StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(Context http, URI peer, String method, String address, byte[] body) {
        if (login && signature.isEmpty()) {
            throw ApiException
                    .unavailable("the instance at " + peer + " owns a part of the table, and cannot be told who"
                            + " asks: http.peerSecret is missing");
        }
        var request = HttpRequest.newBuilder(peer.resolve(address))
                .timeout(ANSWER_LIMIT)
                .header(PeerSignature.PASSED_ON, "1")
                .headers(AuditTrail.origin(http))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        signature.ifPresent(with -> with.headers(
                Gate.principal(http), PeerSignature.Request.of(method, address, body))
                .forEach(request::header));
        return request;
    }
}
