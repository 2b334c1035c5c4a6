package io.waybill.worker.s3;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.config.WaybillConfig.S3Settings;
import io.waybill.worker.SourceReader;
import io.waybill.worker.TransferException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads objects from S3 or a store that speaks its protocol. */
public final class S3SourceReader implements SourceReader {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;

    private final SdkHttpClient http;
    private final S3Client client;

    public S3SourceReader(S3Settings settings) {
        http = Apache5HttpClient.builder()
                // The lanes limit the reads; one that waited here would fail. What is idle is closed after a minute.
                .maxConnections(Integer.MAX_VALUE)
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(SILENCE)
                .build();
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http)
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                // Other stores send checksums that the SDK cannot check, or none; every byte is digested here anyway.
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        settings.endpoint().ifPresent(builder::endpointOverride);
        settings.accessKey().ifPresent(key -> builder.credentialsProvider(
                credentials(key, settings.secretKey().orElseThrow())));
        client = builder.build();
    }

    private static StaticCredentialsProvider credentials(Secret accessKey, Secret secretKey) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey.reveal(), secretKey.reveal()));
    }

    @Override
    public InputStream open(SourceObject object) throws TransferException {
        var request = GetObjectRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .versionId(object.versionId())
                .ifMatch('"' + object.etag() + '"')
                .build();
        try {
            return new Download(client.getObject(request));
        } catch (S3Exception e) {
            throw refused(object, e);
        } catch (SdkException e) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE, "cannot read " + described(object) + ": " + e.getMessage(), e);
        }
    }

    private static TransferException refused(SourceObject object, S3Exception refusal) {
        // Without a body, as some gateways refuse, there are no details.
        String code = refusal.awsErrorDetails() == null ? "" : " " + refusal.awsErrorDetails().errorCode();
        String said = "; the store said " + refusal.statusCode() + code;
        return switch (refusal.statusCode()) {
            case NOT_FOUND -> new TransferException(
                    FailureKind.SOURCE_GONE, described(object) + " does not exist any more" + said, refusal);
            case PRECONDITION_FAILED -> new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was replaced since it arrived: its ETag is no longer " + object.etag() + said,
                    refusal);
            case FORBIDDEN, UNAUTHORIZED -> new TransferException(
                    FailureKind.SOURCE_FORBIDDEN, "reading " + described(object) + " is forbidden" + said, refusal);
            default -> new TransferException(
                    FailureKind.SOURCE_UNREACHABLE, "cannot read " + described(object) + said, refusal);
        };
    }

    private static String described(SourceObject object) {
        String version = object.versionId() == null ? "" : " (version " + object.versionId() + ")";
        return object.bucket() + "/" + object.key() + version;
    }

    @Override
    public void close() {
        client.close();
        http.close();
    }

    /** An object under way; closed before its end, it breaks the connection off rather than reading the rest. */
    private static final class Download extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> response;
        private boolean atEnd;

        Download(ResponseInputStream<GetObjectResponse> response) {
            super(response);
            this.response = response;
            this.atEnd = response.response().contentLength() == 0;
        }

        @Override
        public int read() throws IOException {
            return checked(super::read);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return checked(() -> super.read(bytes, from, length));
        }

        private int checked(Read read) throws IOException {
            try {
                int result = read.next();
                atEnd = atEnd || result < 0;
                return result;
            } catch (SdkException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            if (atEnd) {
                super.close();
            } else {
                response.abort();
            }
        }

        private interface Read {
            int next() throws IOException;
        }
    }
}
