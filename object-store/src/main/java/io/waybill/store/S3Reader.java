package io.waybill.store;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
    /**
     * So many bad requests in a row mean that the store refuses the header. A single one may have another reason: a
     * token that has just expired, or a fault of a proxy.
     */
    private static final int MOST_BAD_REQUESTS = 3;

    /** The codes that only a store gives, and only for an object that it does not have. */
    private static final Set<String> SAY_GONE = Set.of("NoSuchKey", "NoSuchVersion");

    /** The codes that say that the credentials or the clock of this process are wrong. */
    private static final Set<String> SAY_OURS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "AuthFailure",
            "RequestTimeTooSkewed",
            "RequestExpired");

    /**
     * So often a request is sent that gets no answer while others do. The connections that a store closed since their last
     * use may be taken one after the other.
     */
    private static final int MOST_UNANSWERED = 3;

    private final StoreClient client;
    private final Refusals refusals;
    /** How often in a row the store refused a request for checksums as a bad request. */
    private final AtomicInteger badRequests = new AtomicInteger();

    S3Reader(StoreClient client, Refusals refusals) {
        this.client = client;
        this.refusals = refusals;
    }

    @Override
    public InputStream open(SourceObject object) throws TransferException {
        return new Download(object, position -> judged(object, position));
    }

    /** Finds out whether the store or the object is the reason of a failure. */
    private ResponseInputStream<GetObjectResponse> judged(SourceObject object, long from) throws TransferException {
        for (int tries = 1;; tries++) {
            try {
                return opened(object, from);
            } catch (TransferException e) {
                boolean judged = e.kind() != FailureKind.SOURCE_UNREACHABLE || e instanceof StoreDownException;
                if (judged || Thread.currentThread().isInterrupted()) {
                    // Somebody who gives a file up interrupts its reader. The store is not the reason.
                    throw e;
                }
                boolean answers = answers(object.bucket());
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!answers) {
                    throw new StoreDownException(String.valueOf(e.getMessage()), e);
                }
                if (!unanswered(e) || tries == MOST_UNANSWERED) {
                    throw e;
                }
            }
        }
    }

    /** Whether a connection was of no use. A store that took the request and said nothing holds a lane up long enough. */
    private static boolean unanswered(TransferException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return false;
            }
        }
        return e.getCause() instanceof SdkException && !(e.getCause() instanceof S3Exception);
    }

    @Override
    public boolean answers(String bucket) {
        try {
            client.ask(bucket, s3 -> s3.headBucket(request -> request.bucket(bucket)));
            return true;
        } catch (S3Exception e) {
            // A process that may read objects need not have the right to ask for their bucket.
            return e.statusCode() == Refusals.FORBIDDEN;
        } catch (SdkException e) {
            return false;
        }
    }

    private ResponseInputStream<GetObjectResponse> opened(SourceObject object, long from) throws TransferException {
        try {
            return read(object, from, request(object, from).ifMatch('"' + object.strongEtag() + '"').build());
        } catch (TransferException e) {
            if (e.kind() != FailureKind.SUPERSEDED || !stands(object)) {
                throw e;
            }
            return readWithoutMatch(object, from);
        }
    }

    /**
     * Some stores refuse If-Match although it has the ETag that they report. The answer without it is compared all the
     * same.
     */
    private ResponseInputStream<GetObjectResponse> readWithoutMatch(SourceObject object, long from)
            throws TransferException {
        try {
            return read(object, from, request(object, from).build());
        } catch (TransferException e) {
            throw e.kind() == FailureKind.SUPERSEDED
                    ? new TransferException(
                            FailureKind.SOURCE_UNREACHABLE,
                            "the store contradicts itself: asked about " + described(object) + " it tells the ETag "
                                    + object.strongEtag() + ", but " + e.getMessage(),
                            e)
                    : e;
        }
    }

    /** Whether the store says that it has exactly this version, whatever the outcome of reading it. */
    private boolean stands(SourceObject object) {
        try {
            HeadObjectResponse head = client.ask(object.bucket(), s3 -> s3.headObject(request -> request
                    .bucket(object.bucket())
                    .key(object.key())
                    .versionId(object.versionId())));
            return head.eTag() != null
                    && plain(head.eTag()).equals(object.strongEtag())
                    && isVersion(head.versionId(), object);
        } catch (SdkException e) {
            return false;
        }
    }

    private ResponseInputStream<GetObjectResponse> read(SourceObject object, long from, GetObjectRequest request)
            throws TransferException {
        try {
            return checked(object, from, sent(object, request));
        } catch (S3Exception e) {
            throw refused(object, e);
        } catch (SdkException e) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE, "cannot read " + described(object) + ": " + e.getMessage(), e);
        }
    }

    private ResponseInputStream<GetObjectResponse> sent(SourceObject object, GetObjectRequest request) {
        if (badRequests.get() >= MOST_BAD_REQUESTS) {
            return get(object, request);
        }
        try {
            // A header requests the checksum. With the SDK's own setting the SDK fails on checksums that it cannot
            // check, and some stores send those.
            ResponseInputStream<GetObjectResponse> content = get(object, request.toBuilder()
                    .overrideConfiguration(extra -> extra.putHeader("x-amz-checksum-mode", "ENABLED"))
                    .build());
            badRequests.set(0);
            return content;
        } catch (S3Exception e) {
            if (e.statusCode() != Refusals.BAD_REQUEST && e.statusCode() != Refusals.NOT_IMPLEMENTED) {
                throw e;
            }
            ResponseInputStream<GetObjectResponse> plain = get(object, request);
            // It seems that this store does not know the header. It answers a request without it.
            badRequests.addAndGet(e.statusCode() == Refusals.NOT_IMPLEMENTED ? MOST_BAD_REQUESTS : 1);
            return plain;
        }
    }

    private ResponseInputStream<GetObjectResponse> get(SourceObject object, GetObjectRequest request) {
        return client.ask(object.bucket(), s3 -> s3.getObject(request));
    }

    private static GetObjectRequest.Builder request(SourceObject object, long from) {
        return GetObjectRequest.builder()
                .bucket(object.bucket())
                .key(object.key())
                .versionId(object.versionId())
                .range(from == 0 ? null : "bytes=" + from + "-");
    }

    /** Some gateways ignore parts of the request: If-Match, or the version. */
    private static ResponseInputStream<GetObjectResponse> checked(
            SourceObject object, long from, ResponseInputStream<GetObjectResponse> content) throws TransferException {
        boolean part = content.response().contentRange() != null;
        TransferException difference = difference(object, part ? from : 0, content.response());
        if (difference != null) {
            content.abort();
            throw difference;
        }
        if (!part && from > 0) {
            pass(content, from, object);
        }
        return content;
    }

    /** Reads what a store sends although only the rest was asked for. */
    private static void pass(ResponseInputStream<GetObjectResponse> content, long bytes, SourceObject object)
            throws TransferException {
        try {
            content.skipNBytes(bytes);
        } catch (IOException | SdkException e) {
            content.abort();
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "the store broke off " + described(object) + " before byte " + bytes + ": " + e.getMessage(),
                    e);
        }
    }

    private static @Nullable TransferException difference(
            SourceObject object, long from, GetObjectResponse answer) {
        if (answer.eTag() == null) {
            return new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "the store does not say which version of " + described(object) + " it gives: it told no ETag");
        }
        if (!plain(answer.eTag()).equals(object.strongEtag())) {
            return new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was replaced since it arrived: its ETag was " + object.etag()
                            + ", the store gives " + plain(answer.eTag()));
        }
        if (!isVersion(answer.versionId(), object)) {
            return new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was asked for, the store gives version " + answer.versionId());
        }
        if (answer.contentRange() != null && !answer.contentRange().startsWith("bytes " + from + "-")) {
            return new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "asked for " + described(object) + " from byte " + from + " on, the store gives "
                            + answer.contentRange());
        }
        if (answer.contentLength() != null && answer.contentLength() != object.size() - from) {
            return new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    described(object) + " had " + object.size() + " bytes when it arrived, the store gives "
                            + (from + answer.contentLength()));
        }
        return null;
    }

    /** Whether the store gave this version. If a store names no version, it has sent an object with the same ETag. */
    private static boolean isVersion(@Nullable String told, SourceObject object) {
        return object.versionId() == null || told == null || told.isEmpty() || told.equals(object.versionId());
    }

    private static String plain(String etag) {
        return SourceObject.strong(S3Catalog.unquoted(etag));
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
            boolean nothingToTell = switch (e.statusCode()) {
                case Refusals.FORBIDDEN, Refusals.UNAUTHORIZED -> true;
                case Refusals.NOT_FOUND -> answers(bucket);
                default -> false;
            };
            if (nothingToTell) {
                return Optional.empty();
            }
            throw unknown(bucket, key, "; the store said " + e.statusCode() + refusals.aboutRegion(bucket, e), e);
        } catch (SdkException e) {
            throw unknown(bucket, key, ": " + e.getMessage(), e);
        }
    }

    private TransferException unknown(String bucket, String key, String why, SdkException e) {
        String detail = "cannot ask for the current version of " + bucket + "/" + key + why;
        return answers(bucket)
                ? new TransferException(FailureKind.SOURCE_UNREACHABLE, detail, e)
                : new StoreDownException(detail, e);
    }

    /**
     * Whether the store has the bucket. A proxy that does not reach its store answers 404 as well, and so does another
     * store, or something that is no store at all. That the question is forbidden says nothing.
     */
    private boolean isThere(String bucket) {
        try {
            client.ask(bucket, s3 -> s3.headBucket(request -> request.bucket(bucket)));
            return true;
        } catch (SdkException e) {
            return false;
        }
    }

    private TransferException refused(SourceObject object, S3Exception refusal) {
        String code = Refusals.code(refusal);
        String said = "; the store said " + (refusal.statusCode() + " " + code).strip();
        if (Refusals.archived(refusal)) {
            return new ObjectArchivedException(
                    described(object) + " is in an archive: restore it (aws s3api restore-object), and the file goes on"
                            + " by itself" + said,
                    refusal);
        }
        if (SAY_OURS.contains(code) || refusal.statusCode() == Refusals.UNAUTHORIZED) {
            return new StoreDownException(
                    "the store does not accept the credentials or the clock of this process" + said, refusal);
        }
        return switch (refusal.statusCode()) {
            case Refusals.NOT_FOUND -> SAY_GONE.contains(code) || isThere(object.bucket())
                    ? new TransferException(
                            FailureKind.SOURCE_GONE, described(object) + " does not exist any more" + said, refusal)
                    : new TransferException(
                            FailureKind.SOURCE_UNREACHABLE,
                            "cannot read " + described(object) + said + ", and nothing better of the bucket: is "
                                    + "s3.endpoint right, and does the bucket exist there?",
                            refusal);
            case Refusals.PRECONDITION_FAILED -> new TransferException(
                    FailureKind.SUPERSEDED,
                    described(object) + " was replaced since it arrived: its ETag is no longer " + object.etag() + said,
                    refusal);
            case Refusals.FORBIDDEN -> new TransferException(
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
