package io.waybill.store;

import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The SDK's client for all three kinds of clients. It asks in the configured region. If the store names another region
 * for a bucket, it asks there. Safe for several threads.
 */
final class StoreClient implements AutoCloseable {
    private final @Nullable SdkHttpClient http;
    private final S3Client here;
    private final String region;
    private final Supplier<S3Client> followers;
    private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();
    private @Nullable S3Client follower;

    StoreClient(S3Settings settings, Limits limits) {
        SdkHttpClient connections = Apache5HttpClient.builder()
                .maxConnections(limits.connections())
                .connectionTimeout(limits.connect())
                .socketTimeout(limits.silence())
                .build();
        http = connections;
        here = client(settings, limits, connections, false);
        region = settings.region();
        // The SDK's way to follow a bucket adds a sixth to the cost of a small read, so only buckets that need it use
        // it. It also helps with an endpoint, because one address may serve several regions.
        followers = () -> client(settings, limits, connections, true);
    }

    /**
     * Uses one client for all regions. The caller's client brings its own HTTP client, so there is no other to close.
     */
    StoreClient(S3Client client) {
        http = null;
        here = client;
        region = "";
        followers = () -> client;
    }

    private static S3Client client(S3Settings settings, Limits limits, SdkHttpClient http, boolean follows) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http)
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                // Other stores refuse the SDK's newer checksums, or send some that it cannot check. The reader computes
                // a digest of every byte, and the callers of the writer compare what the store has.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .crossRegionAccessEnabled(follows)
                .overrideConfiguration(client -> {
                    limits.call().ifPresent(client::apiCallTimeout);
                    if (follows) {
                        client.addExecutionInterceptor(new RegionHint());
                    }
                });
        settings.endpoint().ifPresent(builder::endpointOverride);
        // Without keys the SDK looks for them in its default places.
        settings.accessKey().ifPresent(key -> builder.credentialsProvider(
                credentials(key, settings.secretKey().orElseThrow())));
        return builder.build();
    }

    private static StaticCredentialsProvider credentials(Secret accessKey, Secret secretKey) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey.reveal(), secretKey.reveal()));
    }

    /**
     * Asks a question about a bucket.
     *
     * @param question may run a second time, with another client, after the store has refused it
     */
    <T> T ask(String bucket, Function<S3Client, T> question) {
        if (elsewhere.contains(bucket)) {
            return question.apply(follower());
        }
        try {
            return question.apply(here);
        } catch (S3Exception e) {
            if (!Refusals.pointsElsewhere(e, region)) {
                throw e;
            }
            T answer = question.apply(follower());
            elsewhere.add(bucket);
            return answer;
        }
    }

    private synchronized S3Client follower() {
        S3Client made = follower;
        if (made == null) {
            made = followers.get();
            follower = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        here.close();
        if (follower != null) {
            follower.close();
        }
        if (http != null) {
            http.close();
        }
    }
}
