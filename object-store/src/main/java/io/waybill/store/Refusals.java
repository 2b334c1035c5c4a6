package io.waybill.store;

import io.waybill.runtime.config.WaybillConfig.S3Settings;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Says in our words what a store's refusals mean. */
final class Refusals {
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int PRECONDITION_FAILED = 412;
    static final int NOT_IMPLEMENTED = 501;

    private final String store;

    Refusals(S3Settings settings) {
        store = settings.endpoint().map(endpoint -> "S3 at " + endpoint).orElse("S3");
    }

    /** The store's name for people. */
    String store() {
        return store;
    }

    /**
     * @param what what the call was about, such as a bucket
     */
    StoreException failure(String what, SdkException e) {
        String reason = switch (e) {
            case S3Exception refused when refused.statusCode() == NOT_FOUND -> "does not exist";
            case S3Exception refused -> "is refused with status " + refused.statusCode() + inBrackets(code(refused));
            default -> "cannot be reached: " + e.getMessage();
        };
        return new StoreException(store + ": " + what + " " + reason, e);
    }

    private static String inBrackets(String code) {
        return code.isEmpty() ? "" : " (" + code + ")";
    }

    /** The store's own code of a refusal; empty without a body, as for HEAD and from some gateways. */
    static String code(S3Exception refusal) {
        String code = refusal.awsErrorDetails() == null ? null : refusal.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }
}
