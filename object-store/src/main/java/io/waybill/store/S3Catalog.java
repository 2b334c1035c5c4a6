package io.waybill.store;

import io.waybill.domain.Origin;
import io.waybill.domain.SourceObject;
import io.waybill.store.OriginSeal.Mark;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Asks with {@code HeadObject}. The answer to HEAD has no body, so only the status is known. If a status can mean two
 * things, {@code HeadBucket} decides.
 */
final class S3Catalog implements ObjectCatalog {
    /** The storage classes whose objects must be restored before they can be read. */
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

    private final StoreClient client;
    private final Refusals refusals;
    private final OriginSeal seal;

    S3Catalog(StoreClient client, Refusals refusals, OriginSeal seal) {
        this.client = client;
        this.refusals = refusals;
        this.seal = seal;
    }

    @Override
    public Answer describe(ObjectVersion object) throws StoreException {
        try {
            return described(object, client.ask(object.bucket(), s3 -> s3.headObject(
                    request -> request.bucket(object.bucket()).key(object.key()).versionId(object.versionId()))));
        } catch (S3Exception e) {
            return refused(object, e);
        } catch (SdkException e) {
            throw new StoreException("HEAD of " + named(object) + " got no answer: " + e.getMessage(), e);
        }
    }

    private Answer described(ObjectVersion object, HeadObjectResponse head) {
        @Nullable String etag = head.eTag() == null ? null : unquoted(head.eTag());
        if (etag == null || etag.isEmpty() || head.lastModified() == null || head.contentLength() == null) {
            return new Answer.Refused("its answer lacks one of ETag, Last-Modified and Content-Length");
        }
        if (isArchived(head)) {
            return new Answer.Archived("it is in an archive (" + head.storageClassAsString()
                    + "): restore it (aws s3api restore-object); it arrives as soon as it is restored");
        }
        @Nullable String versionId =
                head.versionId() == null || head.versionId().isEmpty() ? object.versionId() : head.versionId();
        try {
            var source = new SourceObject(
                    object.bucket(), object.key(), versionId, etag, head.contentLength(), head.lastModified());
            var sha256 = Optional.ofNullable(head.metadata().get(ObjectWriter.SHA256));
            return switch (seal.read(source, head.metadata())) {
                case Mark.None() -> new Answer.Found(source, sha256);
                case Mark.Valid(Origin origin) -> new Answer.Found(source.from(origin), sha256);
                case Mark.Disbelieved(String why) -> new Answer.Found(source, sha256, Optional.of(why));
            };
        } catch (IllegalArgumentException e) {
            return new Answer.Refused(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isArchived(HeadObjectResponse head) {
        boolean away = ARCHIVES.contains(String.valueOf(head.storageClassAsString())) || head.archiveStatus() != null;
        return away && (head.restore() == null || !head.restore().contains("ongoing-request=\"false\""));
    }

    static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    private Answer refused(ObjectVersion object, S3Exception refusal) throws StoreException {
        if (refusal.statusCode() == Refusals.METHOD_NOT_ALLOWED && isDeleteMarker(object, refusal)) {
            return new Answer.Gone();
        }
        @Nullable SdkException ofBucket = refusalOf(object.bucket());
        if (ofBucket == null) {
            return refusedAlone(object, refusal);
        }
        // A store answers 404 for an object only if the caller may list the bucket. So a bucket that answers 403 exists.
        if (refusal.statusCode() == Refusals.NOT_FOUND && isForbidden(ofBucket)) {
            return new Answer.Gone();
        }
        throw new StoreException(
                answered(object, refusal) + ", and HEAD of the bucket " + said(ofBucket)
                        + adviceAboutBucket(object.bucket(), refusal, ofBucket),
                ofBucket);
    }

    /**
     * Only a version can be a delete marker. Without a version, a proxy that lets no HEAD through answers the same about
     * every object, and there are stores that answer so about a removed one.
     */
    private static boolean isDeleteMarker(ObjectVersion object, S3Exception refusal) {
        return object.versionId() != null
                || refusal.awsErrorDetails() != null
                        && refusal.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-delete-marker")
                                .filter("true"::equalsIgnoreCase)
                                .isPresent();
    }

    /** The store answers for the bucket. So the refusal is about the object. */
    private Answer refusedAlone(ObjectVersion object, S3Exception refusal) throws StoreException {
        return switch (refusal.statusCode()) {
            case Refusals.NOT_FOUND -> new Answer.Gone();
            // The name or version is one that this store cannot have. No later answer will differ.
            case Refusals.BAD_REQUEST, Refusals.ADDRESS_TOO_LONG, Refusals.HEADER_TOO_LONG ->
                new Answer.Refused("HEAD " + said(refusal));
            case Refusals.FORBIDDEN, Refusals.UNAUTHORIZED ->
                throw StoreException.ofObject(
                        answered(object, refusal) + ": grant s3:GetObject, s3:GetObjectVersion and s3:ListBucket, and"
                                + " kms:Decrypt if the object is encrypted with a key of its own; some gateways answer"
                                + " the same for keys that they cannot sign, such as those with '//'",
                        refusal);
            case Refusals.METHOD_NOT_ALLOWED ->
                throw StoreException.ofObject(
                        answered(object, refusal) + ": does a proxy in front of the store let HEAD through?", refusal);
            default ->
                throw StoreException.ofObject(
                        answered(object, refusal) + refusals.aboutRegion(object.bucket(), refusal), refusal);
        };
    }

    private @Nullable SdkException refusalOf(String bucket) {
        try {
            client.ask(bucket, s3 -> s3.headBucket(request -> request.bucket(bucket)));
            return null;
        } catch (SdkException e) {
            return e;
        }
    }

    private static boolean isForbidden(SdkException e) {
        return e instanceof S3Exception refused && refused.statusCode() == Refusals.FORBIDDEN;
    }

    private static String answered(ObjectVersion object, S3Exception refusal) {
        return "HEAD of " + named(object) + " " + said(refusal);
    }

    private static String said(SdkException e) {
        return e instanceof S3Exception refused
                ? "answered " + (refused.statusCode() + " " + refused.getMessage()).strip()
                : "got no answer: " + e.getMessage();
    }

    private String adviceAboutBucket(String bucket, S3Exception ofObject, SdkException ofBucket) {
        if (!(ofBucket instanceof S3Exception refused)) {
            return "";
        }
        return switch (refused.statusCode()) {
            case Refusals.NOT_FOUND -> ": is s3.endpoint right, and does the bucket exist there?";
            case Refusals.FORBIDDEN, Refusals.UNAUTHORIZED, Refusals.BAD_REQUEST ->
                aboutCredentials(bucket) + refusals.aboutRegion(bucket, refused);
            default -> refusals.aboutRegion(bucket, ofObject);
        };
    }

    private String aboutCredentials(String bucket) {
        return codeFor(bucket).map(code -> " (" + code + ")").orElse("")
                + ": are the credentials valid, is the clock of this machine right, and are s3:GetObject,"
                + " s3:GetObjectVersion and s3:ListBucket granted?";
    }

    /** The store's code for the refusal. An answer to HEAD has no body, so another question must get it. */
    private Optional<String> codeFor(String bucket) {
        try {
            client.ask(bucket, s3 -> s3.listObjectsV2(request -> request.bucket(bucket).maxKeys(1)));
            return Optional.empty();
        } catch (S3Exception e) {
            return Optional.of(Refusals.code(e)).filter(code -> !code.isEmpty());
        } catch (SdkException e) {
            return Optional.empty();
        }
    }

    private static String named(ObjectVersion object) {
        String version = object.versionId() == null ? "" : " version " + object.versionId();
        return object.bucket() + "/" + object.key() + version;
    }

    @Override
    public void list(String bucket, String prefix, Consumer<SourceObject> each) throws StoreException {
        try {
            @Nullable ListObjectsV2Response page = null;
            do {
                // Page by page: the client may ask a question twice, but the caller must get each object only once.
                page = page(bucket, prefix, page == null ? null : page.nextContinuationToken());
                for (S3Object object : page.contents()) {
                    each.accept(listed(bucket, object));
                }
            } while (Boolean.TRUE.equals(page.isTruncated()) && page.nextContinuationToken() != null);
        } catch (SdkException e) {
            throw refusals.failure(bucket, "bucket " + bucket, e);
        }
    }

    private ListObjectsV2Response page(String bucket, String prefix, @Nullable String from) {
        return client.ask(bucket, s3 -> s3.listObjectsV2(
                // XML cannot hold every character that a key may have, and one such key would make the whole page unreadable.
                request -> request.bucket(bucket)
                        .prefix(prefix)
                        .continuationToken(from)
                        .encodingType(EncodingType.URL)));
    }

    private static SourceObject listed(String bucket, S3Object object) throws StoreException {
        if (object.eTag() == null || object.lastModified() == null || object.size() == null) {
            throw new StoreException(
                    "the list of bucket " + bucket + " lacks the ETag, time or size of " + object.key());
        }
        try {
            return new SourceObject(
                    bucket, object.key(), null, unquoted(object.eTag()), object.size(), object.lastModified());
        } catch (IllegalArgumentException e) {
            throw new StoreException("the list of bucket " + bucket + " has what is no object: " + e.getMessage(), e);
        }
    }

    @Override
    public void requireBucket(String bucket) throws StoreException {
        @Nullable SdkException refusal = refusalOf(bucket);
        if (refusal == null) {
            return;
        }
        StoreException failure = refusals.failure(bucket, "bucket " + bucket, refusal);
        throw isForbidden(refusal)
                ? new StoreException(failure.getMessage() + aboutCredentials(bucket), refusal)
                : failure;
    }

    @Override
    public void close() {
        client.close();
    }
}
