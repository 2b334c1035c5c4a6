package io.waybill.ingest.s3;

import io.waybill.domain.SourceObject;
import io.waybill.ingest.ObjectStore;
import io.waybill.ingest.ObjectVersion;
import io.waybill.ingest.StoreUnavailableException;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Asks with {@code HeadObject}. The answer to HEAD has no body, so a status is all there is to go by; where it could
 * mean two things, {@code HeadBucket} tells them apart.
 */
public final class S3ObjectStore implements ObjectStore {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private final S3Client s3;

    private S3ObjectStore(S3Client s3) {
        this.s3 = s3;
    }

    /** Opens no connection yet. */
    public static S3ObjectStore from(S3Settings settings) {
        var builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .crossRegionAccessEnabled(settings.endpoint().isEmpty())
                .httpClientBuilder(Apache5HttpClient.builder()
                        .connectionTimeout(ANSWER_TIMEOUT)
                        .socketTimeout(ANSWER_TIMEOUT))
                .overrideConfiguration(client -> client.apiCallTimeout(CALL_TIMEOUT));
        settings.endpoint().ifPresent(builder::endpointOverride);
        settings.accessKey().ifPresent(accessKey -> settings.secretKey()
                .ifPresent(secretKey -> builder.credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(accessKey.reveal(), secretKey.reveal())))));
        return new S3ObjectStore(builder.build());
    }

    @Override
    public Answer head(ObjectVersion object) throws StoreUnavailableException {
        try {
            return described(object, s3.headObject(request -> request.bucket(object.bucket())
                    .key(object.key())
                    .versionId(object.versionId())));
        } catch (S3Exception e) {
            return refused(object, e);
        } catch (SdkException e) {
            throw new StoreUnavailableException("HEAD of " + named(object) + " got no answer: " + e.getMessage(), e);
        }
    }

    private static Answer described(ObjectVersion object, HeadObjectResponse head) {
        @Nullable String etag = head.eTag() == null ? null : head.eTag().replace("\"", "");
        if (etag == null || etag.isEmpty() || head.lastModified() == null || head.contentLength() == null) {
            return new Answer.Refused("its answer lacks one of ETag, Last-Modified and Content-Length");
        }
        @Nullable String versionId =
                head.versionId() == null || head.versionId().isEmpty() ? object.versionId() : head.versionId();
        try {
            return new Answer.Found(new SourceObject(
                    object.bucket(), object.key(), versionId, etag, head.contentLength(), head.lastModified()));
        } catch (IllegalArgumentException e) {
            return new Answer.Refused(String.valueOf(e.getMessage()));
        }
    }

    private Answer refused(ObjectVersion object, S3Exception refusal) throws StoreUnavailableException {
        return switch (refusal.statusCode()) {
            // A wrong endpoint or a bucket not yet made also answers 404, and must not pass for a deleted object.
            case 404 -> {
                requireBucket(object, refusal);
                yield new Answer.Gone();
            }
            // The version is a delete marker.
            case 405 -> new Answer.Gone();
            // Bad credentials or a bad clock get 400 too, but then the bucket gets it as well.
            case 400 -> {
                requireBucket(object, refusal);
                yield new Answer.Refused("HEAD answered 400 " + refusal.getMessage());
            }
            case 403 ->
                throw new StoreUnavailableException(
                        "HEAD of " + named(object) + " is forbidden (403): grant s3:GetObject, s3:GetObjectVersion and"
                                + " s3:ListBucket; without the last the store answers 403 for deleted objects, too",
                        refusal);
            default ->
                throw new StoreUnavailableException(
                        "HEAD of " + named(object) + " answered " + refusal.statusCode() + ": " + refusal.getMessage(),
                        refusal);
        };
    }

    private void requireBucket(ObjectVersion object, S3Exception refusal) throws StoreUnavailableException {
        try {
            s3.headBucket(request -> request.bucket(object.bucket()));
        } catch (S3Exception e) {
            if (e.statusCode() == 403 && refusal.statusCode() == 404) {
                // Only who may list the bucket is told 404 for an object, so the bucket is there.
                return;
            }
            throw new StoreUnavailableException(
                    "HEAD of " + named(object) + " answered " + refusal.statusCode() + ", and of the bucket "
                            + e.statusCode() + ": is s3.endpoint right, and does the bucket exist there?",
                    e);
        } catch (SdkException e) {
            throw new StoreUnavailableException(
                    "HEAD of bucket " + object.bucket() + " got no answer: " + e.getMessage(), e);
        }
    }

    private static String named(ObjectVersion object) {
        String version = object.versionId() == null ? "" : " version " + object.versionId();
        return object.bucket() + "/" + object.key() + version;
    }

    @Override
    public void close() {
        s3.close();
    }
}
