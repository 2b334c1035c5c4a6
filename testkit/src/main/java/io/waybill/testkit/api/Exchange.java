package io.waybill.testkit.api;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer.
 *
 * @param address     path and query are looked at
 * @param requestType the Content-Type of the request; null without a body
 * @param request     the body of the request; empty without one
 * @param answerType  the Content-Type of the answer; null if it has none
 * @param answer      the body of the answer
 */
public record Exchange(
        String method,
        URI address,
        @Nullable String requestType,
        String request,
        int status,
        @Nullable String answerType,
        String answer) {
    @Override
    public String toString() {
        return method + " " + address + " " + request + "\n-> " + status + " " + answerType + " " + answer;
    }
}
