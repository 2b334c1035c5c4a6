package io.waybill.launcher.s3;

import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The buckets that routes take their files from. Safe for several threads. */
public final class ObjectStore implements AutoCloseable {
    private static final String SHA256 = "waybill-sha256";
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final String name;
    private final Multipart multipart;

    public ObjectStore(S3Settings settings) {
        var builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings))
                // Stores other than AWS refuse the SDK's newer checksums; the ETag is compared instead.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder());
        settings.endpoint().ifPresent(builder::endpointOverride);
        client = builder.build();
        name = settings.endpoint().map(endpoint -> "S3 at " + endpoint).orElse("S3");
        multipart = new Multipart(client);
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        if (settings.accessKey().isEmpty() || settings.secretKey().isEmpty()) {
            return DefaultCredentialsProvider.builder().build();
        }
        Secret access = settings.accessKey().get();
        Secret secret = settings.secretKey().get();
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(access.reveal(), secret.reveal()));
    }

    /** Asks for nothing but an answer. Throws {@link StoreException} when the bucket cannot be used. */
    public void requireBucket(String bucket) {
        try {
            client.headBucket(request -> request.bucket(bucket));
        } catch (SdkException e) {
            throw fault("bucket " + bucket, e);
        }
    }

    /** Makes a bucket unless it is there. */
    public void makeBucket(String bucket) {
        try {
            client.createBucket(request -> request.bucket(bucket));
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
            // As it should be.
        } catch (SdkException e) {
            throw fault("bucket " + bucket, e);
        }
    }

    /** What the store has under a key; empty for nothing. */
    public Optional<StoredObject> find(String bucket, String key) {
        try {
            HeadObjectResponse head = client.headObject(request -> request.bucket(bucket).key(key));
            var source = new SourceObject(
                    bucket,
                    key,
                    head.versionId(),
                    head.eTag().replace("\"", ""),
                    head.contentLength(),
                    head.lastModified());
            return Optional.of(new StoredObject(source, Optional.ofNullable(head.metadata().get(SHA256))));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw fault(bucket + "/" + key, e);
        } catch (SdkException e) {
            throw fault(bucket + "/" + key, e);
        }
    }

    /**
     * Puts a file, in one step or in parts by its size; either way it appears whole or not at all.
     *
     * @throws IOException if the file cannot be read
     */
    public StoredObject put(String bucket, String key, Path file, String sha256) throws IOException {
        Map<String, String> metadata = Map.of(SHA256, sha256);
        long size = Files.size(file);
        try {
            if (size > Multipart.THRESHOLD) {
                multipart.put(bucket, key, file, size, metadata);
            } else {
                client.putObject(
                        request -> request.bucket(bucket).key(key).metadata(metadata), RequestBody.fromFile(file));
            }
        } catch (SdkException e) {
            throw fault(bucket + "/" + key, e);
        }
        return find(bucket, key).orElseThrow(() -> new StoreException(
                name + ": " + bucket + "/" + key + " is gone again right after it was put",
                new IllegalStateException()));
    }

    private StoreException fault(String what, SdkException e) {
        String reason = switch (e) {
            case S3Exception refused when refused.statusCode() == NOT_FOUND -> "does not exist";
            case S3Exception refused -> "is refused with status " + refused.statusCode() + reason(refused);
            default -> "cannot be reached: " + e.getMessage();
        };
        return new StoreException(name + ": " + what + " " + reason, e);
    }

    private static String reason(S3Exception refused) {
        String code = refused.awsErrorDetails() == null ? "" : refused.awsErrorDetails().errorCode();
        return code == null || code.isEmpty() ? "" : " (" + code + ")";
    }

    @Override
    public void close() {
        client.close();
    }
}
