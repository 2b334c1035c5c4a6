package io.waybill.state.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is answered with an error; the message is for whoever asked. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, Object> body = new LinkedHashMap<>();

    private ApiException(int status, String message) {
        super(message);
        this.status = status;
        body.put("error", message);
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, message);
    }

    static ApiException unknownFile(String id) {
        return new ApiException(
                404, "no file is known as " + id + "; a finished file is forgotten when its route's retention is over");
    }

    /** The file's state does not allow what was asked. */
    static ApiException conflict(String message) {
        return new ApiException(409, message);
    }

    static ApiException notJson() {
        return new ApiException(415, "the body must be JSON, with Content-Type: application/json");
    }

    static ApiException unavailable(String message) {
        return new ApiException(503, message);
    }

    /** Tells one more fact to programs. */
    ApiException with(String field, Object value) {
        body.put(field, value);
        return this;
    }

    int status() {
        return status;
    }

    Map<String, Object> body() {
        return body;
    }
}
