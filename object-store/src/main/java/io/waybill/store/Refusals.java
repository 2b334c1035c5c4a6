package io.waybill.store;

import io.waybill.domain.Texts;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Translates the refusals of a store into Waybill's words. */
final class Refusals {
    static final int MOVED = 301;
    static final int TEMPORARILY_MOVED = 307;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int PRECONDITION_FAILED = 412;
    static final int ADDRESS_TOO_LONG = 414;
    static final int HEADER_TOO_LONG = 431;
    static final int NOT_IMPLEMENTED = 501;

    private static final Set<String> CODES_OF_ANOTHER_REGION =
            Set.of("AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private final String store;
    private final String region;

    Refusals(S3Settings settings) {
        store = settings.endpoint().map(endpoint -> "S3 at " + Texts.masked(endpoint.toString())).orElse("S3");
        region = settings.region();
    }

    /** The store's name for people. */
    String store() {
        return store;
    }

    /**
     * @param what the subject of the call, such as an object of the bucket
     */
    StoreException failure(String bucket, String what, SdkException e) {
        String reason = switch (e) {
            case S3Exception refused when refused.statusCode() == NOT_FOUND -> "does not exist";
            case S3Exception refused -> "is refused with status " + said(refused) + aboutRegion(bucket, refused);
            default -> "cannot be reached: " + e.getMessage();
        };
        return new StoreException(store + ": " + what + " " + reason, e);
    }

    private static String said(S3Exception refused) {
        String code = code(refused);
        return code.isEmpty() ? "" + refused.statusCode() : refused.statusCode() + " (" + code + ")";
    }

    /** The store's own code of a refusal. It is empty if the answer has no body, as for HEAD and from some gateways. */
    static String code(S3Exception refusal) {
        String code = refusal.awsErrorDetails() == null ? null : refusal.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    /** Whether the object is in an archive. */
    static boolean archived(S3Exception refusal) {
        return code(refusal).equals("InvalidObjectState");
    }

    /**
     * If the bucket may be in another region than the configuration says, returns what the operator should check, as an
     * addition to a message. It is empty if the refusal has another cause. If the store says where the bucket is,
     * Waybill has already asked there.
     */
    String aboutRegion(String bucket, S3Exception refusal) {
        boolean doubtful = switch (refusal.statusCode()) {
            case MOVED, TEMPORARILY_MOVED -> true;
            // An answer to HEAD has no body that would distinguish a wrong region from other faults.
            case BAD_REQUEST -> code(refusal).isEmpty() || CODES_OF_ANOTHER_REGION.contains(code(refusal));
            default -> false;
        };
        return doubtful
                ? "; is bucket " + bucket + " in region '" + region + "', as s3.region says? The store points to "
                        + elsewhere(refusal)
                : "";
    }

    private static String elsewhere(S3Exception refusal) {
        return named(refusal).map(named -> "'" + named + "'").orElse("no other");
    }

    /** The region of the bucket that the store names in its refusal. */
    private static Optional<String> named(S3Exception refusal) {
        return refusal.awsErrorDetails() == null
                ? Optional.empty()
                : refusal.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(RegionHint.HEADER)
                        .filter(named -> !named.isBlank());
    }

    /** Whether to ask in another region. A store may name a region in every answer, even the region that was asked. */
    static boolean pointsElsewhere(S3Exception refusal, String asked) {
        return switch (refusal.statusCode()) {
            case MOVED, TEMPORARILY_MOVED -> true;
            default -> named(refusal).filter(named -> !named.equals(asked)).isPresent();
        };
    }
}
