package io.waybill.state.http;

import io.waybill.domain.Status;
import io.waybill.runtime.api.ErrorAnswer;

/** A request that gets an error as its answer. The message is for the sender of the request. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ErrorAnswer body;

    private ApiException(int status, ErrorAnswer body) {
        super(body.error());
        this.status = status;
        this.body = body;
    }

    private ApiException(int status, String message) {
        this(status, ErrorAnswer.of(message));
    }

    /** 400. */
    public static ApiException badRequest(String message) {
        return new ApiException(400, message);
    }

    static ApiException unknownFile(String id) {
        return new ApiException(
                404, "no file is known as " + id + "; a finished file is forgotten when its route's retention is over");
    }

    /** 404. */
    public static ApiException unknownDestination(String name) {
        return new ApiException(404, "no destination of the name '" + name + "' is configured");
    }

    static ApiException unknownRoute(String name) {
        return new ApiException(404, "no route of the name '" + name + "' that delivers is configured");
    }

    /** What is asked for is not possible now. */
    static ApiException conflict(String message) {
        return new ApiException(409, message);
    }

    /** The caller may not do this. */
    static ApiException forbidden(String message) {
        return new ApiException(403, message);
    }

    /** The file's state does not allow the request. */
    static ApiException conflict(Status file, String message) {
        return new ApiException(409, new ErrorAnswer(message, file.name(), null));
    }

    /** Another importer has the file. */
    static ApiException claimed(Status file, String by) {
        return new ApiException(409, new ErrorAnswer("the file is claimed by '" + by + "'", file.name(), by));
    }

    static ApiException notJson() {
        return new ApiException(415, "the body must be JSON, with Content-Type: application/json");
    }

    static ApiException unavailable(String message) {
        return new ApiException(503, message);
    }

    int status() {
        return status;
    }

    ErrorAnswer body() {
        return body;
    }
}
