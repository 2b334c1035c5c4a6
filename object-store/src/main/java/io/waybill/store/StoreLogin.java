package io.waybill.store;

import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Asks a store once whether it takes the keys of the configuration. A service that it refuses would wait for ever. */
public final class StoreLogin {
    /** The codes of all stores for keys that are wrong, whatever is asked. */
    private static final Set<String> OF_KEYS = Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch");

    private StoreLogin() {}

    /**
     * A refusal.
     *
     * @param message for people: the bucket, the store's code, and what to correct; without a secret
     * @param ofKeys  whether the store refuses the keys of the configuration, and so everything; otherwise it refuses a bucket
     */
    public record Refusal(String message, boolean ofKeys) {}

    /**
     * The first refusal; empty if there is none. A store that does not answer within 5 seconds, or has another fault,
     * refuses nothing: services wait for it.
     *
     * @param buckets asked one after the other, for one key at most
     */
    public static Optional<Refusal> refusal(S3Settings settings, Collection<String> buckets) {
        var refusals = new Refusals(settings);
        try (var client = new StoreClient(settings, Limits.LOGIN)) {
            for (String bucket : buckets) {
                try {
                    var _ = client.ask(bucket, s3 -> s3.listObjectsV2(request -> request.bucket(bucket).maxKeys(1)));
                } catch (S3Exception e) {
                    if (e.statusCode() == Refusals.FORBIDDEN || e.statusCode() == Refusals.UNAUTHORIZED) {
                        return Optional.of(refusal(settings, refusals.failure(bucket, "bucket " + bucket, e), e));
                    }
                }
            }
        } catch (SdkException e) {
            // No answer, or no keys yet where the SDK looks for them.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Refusal refusal(S3Settings settings, StoreException failure, S3Exception refusal) {
        // Keys that come from a role are renewed without a restart.
        boolean ofKeys = settings.accessKey().isPresent() && OF_KEYS.contains(Refusals.code(refusal));
        return new Refusal(
                failure.getMessage() + (ofKeys
                        ? "; correct s3.accessKey and s3.secretKey"
                        : "; are the credentials valid, and are s3:GetObject, s3:GetObjectVersion and s3:ListBucket"
                                + " granted?"),
                ofKeys);
    }
}
