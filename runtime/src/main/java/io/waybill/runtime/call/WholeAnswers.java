package io.waybill.runtime.call;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests whose whole answer must come within their time. The time-out of Java's client ends when the headers are
 * there. So a server that stops in the middle of a body, or sends a byte now and then, would be waited for without end.
 */
public final class WholeAnswers {
    private WholeAnswers() {}

    /**
     * The answer to a request that has a time-out. It fails with a {@link TimeoutException} if the body is not there in
     * time, and the connection is closed.
     */
    public static <T> CompletableFuture<HttpResponse<T>> ask(
            HttpClient client, HttpRequest request, BodyHandler<T> body) {
        Duration limit = request.timeout().orElseThrow();
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
        CompletableFuture<HttpResponse<T>> whole = answer.copy().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
        var _ = whole.whenComplete((_, failure) -> {
            if (failure instanceof TimeoutException) {
                answer.cancel(true);
            }
        });
        return whole;
    }

    /**
     * Waits for the answer to a request that has a time-out.
     *
     * @throws IOException if it does not come in time, or not at all
     */
    public static <T> HttpResponse<T> await(HttpClient client, HttpRequest request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> whole = ask(client, request, body);
        try {
            return whole.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (InterruptedException e) {
            whole.cancel(true);
            throw e;
        }
    }
}
