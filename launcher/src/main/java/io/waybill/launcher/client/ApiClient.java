package io.waybill.launcher.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Texts;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.AcceptedAnswer;
import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.BulkAnswer;
import io.waybill.runtime.api.BulkRequest;
import io.waybill.runtime.api.ErrorAnswer;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileHistory;
import io.waybill.runtime.api.FilePage;
import io.waybill.runtime.api.OperatorRequest;
import io.waybill.runtime.api.PauseAnswer;
import io.waybill.runtime.api.PauseRequest;
import io.waybill.runtime.api.ReleaseAnswer;
import io.waybill.runtime.api.ReleaseRequest;
import io.waybill.runtime.api.ResolveRequest;
import io.waybill.runtime.api.StatusAnswer;
import io.waybill.runtime.api.UnroutedAnswer;
import io.waybill.runtime.api.approval.ApprovalAnswer;
import io.waybill.runtime.api.approval.ApprovedRequest;
import io.waybill.runtime.api.explain.DeadLettersAnswer;
import io.waybill.runtime.api.explain.ExplainAnswer;
import io.waybill.runtime.api.explain.WhyAnswer;
import io.waybill.runtime.api.forget.ForgetAnswer;
import io.waybill.runtime.api.live.DestinationAnswer;
import io.waybill.runtime.api.live.DestinationsAnswer;
import io.waybill.runtime.api.live.FlowAnswer;
import io.waybill.runtime.api.live.ScalingAnswer;
import io.waybill.runtime.call.WholeAnswers;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.text.Reasons;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** A client of the state-processor's HTTP API, for the commands. */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private final URI base;
    private final Optional<Secret> token;
    private final HttpClient http;

    /**
     * @param base  the address of the API, without a slash at the end
     * @param token with which the client logs in; empty for none
     * @param tls   whom it trusts, and what it shows; empty if the address has no TLS
     */
    public ApiClient(URI base, Optional<Secret> token, Optional<SSLContext> tls) {
        this.base = base;
        this.token = token;
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** The client of a command. */
    public static ApiClient of(Context context) {
        URI api = context.api();
        return new ApiClient(
                api, context.token(), "https".equals(api.getScheme()) ? Optional.of(context.tls()) : Optional.empty());
    }

    /**
     * The name of the person who asks: with a login Waybill knows it and takes no other.
     *
     * @param given by the user; empty if the user gave none
     * @return empty if Waybill knows it
     */
    public String by(String given) {
        return given.isEmpty() && token.isEmpty() ? System.getProperty("user.name", "") : given;
    }

    /** Returns one file. It is empty if Waybill knows no file with this id, as in all methods for one file. */
    public Optional<FileAnswer> file(FileId id) {
        return get("/v1/files/" + id, FileAnswer.class);
    }

    public Optional<FileHistory> history(FileId id) {
        return get("/v1/files/" + id + "/history", FileHistory.class);
    }

    /** Says why a file is where it is. */
    public Optional<WhyAnswer> why(FileId id) {
        return get("/v1/files/" + id + "/why", WhyAnswer.class);
    }

    /**
     * Returns a page of files.
     *
     * @param query empty values are left out
     * @return empty if the API has no list of files
     */
    public Optional<FilePage> files(Map<String, String> query) {
        return get("/v1/files?" + parameters(query), FilePage.class);
    }

    /**
     * Returns objects of which no file came.
     *
     * @param query empty values are left out
     * @return empty if no ingest-service answers there
     */
    public Optional<UnroutedAnswer> unrouted(Map<String, String> query) {
        return get("/v1/unrouted?" + parameters(query), UnroutedAnswer.class);
    }

    /**
     * Asks which routes take an object.
     *
     * @param query empty values are left out
     * @return empty if the API is of an earlier version
     */
    public Optional<ExplainAnswer> explain(Map<String, String> query) {
        return get("/v1/explain?" + parameters(query), ExplainAnswer.class);
    }

    /**
     * Returns dead letters.
     *
     * @param query empty values are left out
     * @return empty if the API is of an earlier version
     */
    public Optional<DeadLettersAnswer> deadLetters(Map<String, String> query) {
        return get("/v1/dead-letters?" + parameters(query), DeadLettersAnswer.class);
    }

    /** Returns all destinations. It is empty if the API is of an earlier version. */
    public Optional<DestinationsAnswer> destinations() {
        return get("/v1/destinations", DestinationsAnswer.class);
    }

    /** Returns what happened in the last minutes. It is empty if the API is of an earlier version. */
    public Optional<FlowAnswer> flow(int minutes) {
        return get("/v1/flow?minutes=" + minutes, FlowAnswer.class);
    }

    /** Returns how many workers there is work for. It is empty if the API is of an earlier version. */
    public Optional<ScalingAnswer> scaling() {
        return get("/v1/scaling", ScalingAnswer.class);
    }

    /** Returns one destination. It is empty if the API knows no such destination. */
    public Optional<DestinationAnswer> destination(DestinationName name) {
        return get("/v1/destinations/" + name, DestinationAnswer.class);
    }

    private static String parameters(Map<String, String> query) {
        return query.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    /**
     * Sends a request to redrive or to cancel a file.
     *
     * @param action  the name of the action in the addresses of the API
     * @param request not a dry run
     */
    public Optional<AcceptedAnswer> ask(FileId id, String action, OperatorRequest request) {
        return post("/v1/files/" + id + "/" + action, request, AcceptedAnswer.class);
    }

    /** Asks whether the API would accept a request. If so, returns the file as it is. */
    public Optional<FileAnswer> tryOut(FileId id, String action, OperatorRequest dryRun) {
        return post("/v1/files/" + id + "/" + action, dryRun, FileAnswer.class);
    }

    /** Asks to forget a file. The answer says what the topics still hold of it. */
    public Optional<ForgetAnswer> forget(FileId id, OperatorRequest request) {
        return post("/v1/files/" + id + "/forget", request, ForgetAnswer.class);
    }

    /** Asks to try the files now that wait for a destination. It is empty if the API knows no such destination. */
    public Optional<ReleaseAnswer> retry(DestinationName name, ReleaseRequest request) {
        return post("/v1/destinations/" + name + "/retry", request, ReleaseAnswer.class);
    }

    /**
     * Pauses a destination or a route. It is empty if the API knows none of that name.
     *
     * @param route whether it is a route
     */
    public Optional<PauseAnswer> pause(boolean route, String name, PauseRequest request) {
        return post(subject(route, name) + "/pause", request, PauseAnswer.class);
    }

    /** Ends such a pause. */
    public Optional<PauseAnswer> resume(boolean route, String name, ReleaseRequest request) {
        return post(subject(route, name) + "/resume", request, PauseAnswer.class);
    }

    private static String subject(boolean route, String name) {
        return (route ? "/v1/routes/" : "/v1/destinations/") + encoded(name);
    }

    public Optional<AcceptedAnswer> resolve(FileId id, ResolveRequest request) {
        return post("/v1/files/" + id + "/resolve", request, AcceptedAnswer.class);
    }

    /** Sends a request to redrive or to cancel many files. It is empty if the API cannot do that. */
    public Optional<BulkAnswer> askMany(String action, BulkRequest request) {
        return post("/v1/" + action, request, BulkAnswer.class);
    }

    /** Does what a second person approved. It is empty if the API knows no such approval. */
    public Optional<BulkAnswer> askMany(String action, ApprovedRequest request) {
        return post("/v1/" + action, request, BulkAnswer.class);
    }

    /** Returns requests that wait for a second person. It is empty if the API is of an earlier version. */
    public Optional<ApprovalAnswer.All> approvals() {
        return get("/v1/approvals", ApprovalAnswer.All.class);
    }

    /**
     * Says the second person's word. It is empty if the API knows no such approval.
     *
     * @param word approve or reject
     */
    public Optional<ApprovalAnswer> decide(String id, String word, ReleaseRequest request) {
        return post("/v1/approvals/" + encoded(id) + "/" + word, request, ApprovalAnswer.class);
    }

    /** Returns what is open and what a person must look at. It is empty if the API is of an earlier version. */
    public Optional<StatusAnswer> status() {
        return get("/v1/status", StatusAnswer.class);
    }

    private <T> Optional<T> get(String address, Class<T> answer) {
        return answer(HttpRequest.newBuilder(URI.create(base + address)), answer);
    }

    private <T> Optional<T> post(String path, Object body, Class<T> answer) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ApiJson.write(body)));
        return answer(request, answer);
    }

    private <T> Optional<T> answer(HttpRequest.Builder request, Class<T> answer) {
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.reveal()));
        HttpResponse<String> response = send(request.timeout(ANSWER_LIMIT).build());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        if (response.statusCode() >= 300) {
            String reason = Terminal.printable(read(response, ErrorAnswer.class).error());
            if (response.statusCode() == 401) {
                throw CommandException
                        .failed("the HTTP API at " + Texts.masked(base.toString()) + " refuses the login: "
                                + (token.isEmpty()
                                        ? "give a token by $WAYBILL_TOKEN, by --token file:PATH, or by 'token' of the"
                                                + " configuration"
                                        : reason));
            }
            boolean ours = response.statusCode() < 500;
            throw CommandException.failed(
                    ours ? reason
                            : "the HTTP API at " + Texts.masked(base.toString()) + " answers " + response.statusCode()
                                    + ": " + reason);
        }
        return Optional.of(read(response, answer));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return WholeAnswers.await(http, request, BodyHandlers.ofString());
        } catch (SSLException e) {
            throw CommandException.failed("no TLS with the HTTP API at " + Texts.masked(base.toString()) + ": "
                    + Reasons.of(e) + ". Its certificate must be for '" + base.getHost()
                    + "', and signed by an authority of --ca FILE, $WAYBILL_CA or http.tls.ca");
        } catch (IOException e) {
            throw CommandException.failed("no connection to the HTTP API at " + Texts.masked(base.toString())
                    + ": " + Reasons.of(e)
                    + ". Is './waybill up' running, or 'waybill run state-processor' with this configuration?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted");
        }
    }

    private <T> T read(HttpResponse<String> response, Class<T> type) {
        try {
            return ApiJson.read(response.body(), type);
        } catch (JsonProcessingException e) {
            throw CommandException.failed("what answers at " + Texts.masked(base.toString())
                    + " is not Waybill's HTTP API; is another program"
                    + " listening there?");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
