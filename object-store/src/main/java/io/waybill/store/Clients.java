package io.waybill.store;

import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the clients of all faces. */
final class Clients {
    private Clients() {}

    /** A client that closes its connections with itself. */
    static S3Client of(S3Settings settings, Limits limits) {
        var builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                // A store that says where a bucket is gets the request once more, signed for that region and, at AWS, sent
                // to it. Also with an endpoint: one address may serve several regions.
                .crossRegionAccessEnabled(true)
                // Other stores refuse the SDK's newer checksums, or send some that it cannot check. The reader digests
                // every byte, and the writer's callers compare what is stored.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(limits.connections())
                        .connectionTimeout(limits.connect())
                        .socketTimeout(limits.silence()))
                .overrideConfiguration(client -> {
                    client.addExecutionInterceptor(new RegionHint());
                    limits.call().ifPresent(client::apiCallTimeout);
                });
        settings.endpoint().ifPresent(builder::endpointOverride);
        // Without keys the SDK looks for them where its users keep them.
        settings.accessKey().ifPresent(key -> builder.credentialsProvider(
                credentials(key, settings.secretKey().orElseThrow())));
        return builder.build();
    }

    private static StaticCredentialsProvider credentials(Secret accessKey, Secret secretKey) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey.reveal(), secretKey.reveal()));
    }
}
