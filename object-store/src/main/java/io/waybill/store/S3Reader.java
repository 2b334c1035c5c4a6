package io.waybill.store;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Opens objects with {@code GetObject}, and compares the answer with the request. */
final class S3Reader implements ObjectReader {
    private final StoreClient client;
    private final Refusals refusals;
    private volatile boolean asksForChecksums = true;

    S3Reader(StoreClient client, Refusals refusals) {
        this.client = client;
        this.refusals = refusals;
    }

    @Override
    public InputStream open(SourceObject object) throws TransferException {
        try {
            return checked(object, opened(object));
        } catch (S3Exception e) {
            throw refused(object, e);
        } catch (SdkException e) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE, "cannot read " + described(object) + ": " + e.getMessage(), e);
        }
    }

    private ResponseInputStream<GetObjectResponse> opened(SourceObject object) {
        if (!asksForChecksums) {
            return get(object, request(object).build());
        }
        try {
            // A header requests the checksum. With the SDK's own setting the SDK fails on checksums that it cannot
            // check, and some stores send those.
            return get(object, request(object)
                    .overrideConfiguration(extra -> extra.putHeader("x-amz-checksum-mode", "ENABLED"))
                    .build());
        } catch (S3Exception e) {
            if (e.statusCode() != Refusals.BAD_REQUEST && e.statusCode() != Refusals.NOT_IMPLEMENTED) {
                throw e;
            }
            ResponseInputStream<GetObjectResponse> plain = get(object, request(object).build());
            // This store does not know the header. It answers a request without it.
            asksForChecksums = false;
            return plain;
        }
    }

    private ResponseInputStream<GetObjectResponse> get(SourceObject object, GetObjectRequest request) {
        return client.ask(object.bucket(), s3 -> s3.getObject(request));
    }

    private static GetObjectRequest.Builder request(SourceObject object) {
        return GetObjectRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .versionId(object.versionId())
                .ifMatch('"' + object.etag() + '"');
    }

    /** Some gateways ignore parts of the request: If-Match, or the version. */
    private static InputStream checked(SourceObject object, ResponseInputStream<GetObjectResponse> content)
            throws TransferException {
        TransferException difference = difference(object, content.response());
        if (difference != null) {
            content.abort();
            throw difference;
        }
        return new Download(content, object);
    }

    private static @Nullable TransferException difference(SourceObject object, GetObjectResponse answer) {
        if (answer.eTag() == null) {
            return new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "the store does not say which version of " + described(object) + " it gives: it told no ETag");
        }
        if (!plain(answer.eTag()).equals(plain(object.etag()))) {
            return new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was replaced since it arrived: its ETag was " + object.etag()
                            + ", the store gives " + plain(answer.eTag()));
        }
        String version = answer.versionId();
        // If a store names no version, it has sent an object with the same ETag.
        if (object.versionId() != null && version != null && !version.isEmpty()
                && !version.equals(object.versionId())) {
            return new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was asked for, the store gives version " + version);
        }
        if (answer.contentLength() != null && answer.contentLength() != object.size()) {
            return new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    described(object) + " had " + object.size() + " bytes when it arrived, the store gives "
                            + answer.contentLength());
        }
        return null;
    }

    private static String plain(String etag) {
        String unquoted = S3Catalog.unquoted(etag);
        return unquoted.startsWith("W/") ? unquoted.substring(2) : unquoted;
    }

    @Override
    public Optional<SourceObject> current(String bucket, String key) throws TransferException {
        var request = HeadObjectRequest.builder().bucket(bucket).key(key).build();
        try {
            HeadObjectResponse head = client.ask(bucket, s3 -> s3.headObject(request));
            return head.eTag() == null || plain(head.eTag()).isEmpty() || head.lastModified() == null
                    ? Optional.empty()
                    : Optional.of(new SourceObject(
                            bucket,
                            key,
                            head.versionId(),
                            plain(head.eTag()),
                            head.contentLength() == null ? 0 : head.contentLength(),
                            head.lastModified()));
        } catch (S3Exception e) {
            return switch (e.statusCode()) {
                case Refusals.NOT_FOUND, Refusals.FORBIDDEN, Refusals.UNAUTHORIZED -> Optional.empty();
                default -> throw new TransferException(
                        FailureKind.SOURCE_UNREACHABLE,
                        "cannot ask for the current version of " + bucket + "/" + key + "; the store said "
                                + e.statusCode() + refusals.aboutRegion(bucket, e),
                        e);
            };
        } catch (SdkException e) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "cannot ask for the current version of " + bucket + "/" + key + ": " + e.getMessage(),
                    e);
        }
    }

    private TransferException refused(SourceObject object, S3Exception refusal) {
        String said = "; the store said " + (refusal.statusCode() + " " + Refusals.code(refusal)).strip();
        return switch (refusal.statusCode()) {
            case Refusals.NOT_FOUND -> new TransferException(
                    FailureKind.SOURCE_GONE, described(object) + " does not exist any more" + said, refusal);
            case Refusals.PRECONDITION_FAILED -> new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was replaced since it arrived: its ETag is no longer " + object.etag() + said,
                    refusal);
            case Refusals.FORBIDDEN, Refusals.UNAUTHORIZED -> new TransferException(
                    FailureKind.SOURCE_FORBIDDEN, "reading " + described(object) + " is forbidden" + said, refusal);
            default -> new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "cannot read " + described(object) + said + refusals.aboutRegion(object.bucket(), refusal),
                    refusal);
        };
    }

    private static String described(SourceObject object) {
        String version = object.versionId() == null ? "" : " (version " + object.versionId() + ")";
        return object.bucket() + "/" + object.key() + version;
    }

    @Override
    public void close() {
        client.close();
    }
}
