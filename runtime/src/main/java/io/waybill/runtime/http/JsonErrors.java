package io.waybill.runtime.http;

import io.waybill.runtime.api.ApiJson;
import io.waybill.runtime.api.ErrorAnswer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Writes the errors that the server itself finds, such as a request that is no HTTP, in the form of all others. */
final class JsonErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, body(code, message), callback);
    }

    /** Of a fault of ours the sender learns nothing but that. */
    private static String body(int status, @Nullable String message) {
        return ApiJson.write(ErrorAnswer.of(
                message == null || status >= HttpStatus.INTERNAL_SERVER_ERROR_500
                        ? HttpStatus.getMessage(status)
                        : message));
    }
}
