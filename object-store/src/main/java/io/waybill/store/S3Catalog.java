package io.waybill.store;

import io.waybill.domain.SourceObject;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Asks with {@code HeadObject}. The answer to HEAD has no body, so only the status is known. If a status can mean two
 * things, {@code HeadBucket} decides.
 */
final class S3Catalog implements ObjectCatalog {
    private final StoreClient client;
    private final Refusals refusals;

    S3Catalog(StoreClient client, Refusals refusals) {
        this.client = client;
        this.refusals = refusals;
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

    private static Answer described(ObjectVersion object, HeadObjectResponse head) {
        @Nullable String etag = head.eTag() == null ? null : unquoted(head.eTag());
        if (etag == null || etag.isEmpty() || head.lastModified() == null || head.contentLength() == null) {
            return new Answer.Refused("its answer lacks one of ETag, Last-Modified and Content-Length");
        }
        @Nullable String versionId =
                head.versionId() == null || head.versionId().isEmpty() ? object.versionId() : head.versionId();
        try {
            var source = new SourceObject(
                    object.bucket(), object.key(), versionId, etag, head.contentLength(), head.lastModified());
            return new Answer.Found(source, Optional.ofNullable(head.metadata().get(ObjectWriter.SHA256)));
        } catch (IllegalArgumentException e) {
            return new Answer.Refused(String.valueOf(e.getMessage()));
        }
    }

    static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    private Answer refused(ObjectVersion object, S3Exception refusal) throws StoreException {
        return switch (refusal.statusCode()) {
            // A wrong endpoint or a missing bucket also answers 404. It must not count as a deleted object.
            case Refusals.NOT_FOUND -> {
                requireBucket(object, refusal);
                yield new Answer.Gone();
            }
            // The version is a delete marker.
            case Refusals.METHOD_NOT_ALLOWED -> new Answer.Gone();
            // Bad credentials or a wrong clock also get 400, but then HEAD of the bucket gets 400 as well.
            case Refusals.BAD_REQUEST -> {
                requireBucket(object, refusal);
                yield new Answer.Refused("HEAD answered 400 " + refusal.getMessage());
            }
            case Refusals.FORBIDDEN ->
                throw new StoreException(
                        "HEAD of " + named(object) + " is forbidden (403): grant s3:GetObject, s3:GetObjectVersion and"
                                + " s3:ListBucket; without the last the store answers 403 for deleted objects, too",
                        refusal);
            default ->
                throw new StoreException(
                        "HEAD of " + named(object) + " answered " + refusal.statusCode() + ": " + refusal.getMessage()
                                + refusals.aboutRegion(object.bucket(), refusal),
                        refusal);
        };
    }

    private void requireBucket(ObjectVersion object, S3Exception refusal) throws StoreException {
        try {
            client.ask(object.bucket(), s3 -> s3.headBucket(request -> request.bucket(object.bucket())));
        } catch (S3Exception e) {
            if (e.statusCode() == Refusals.FORBIDDEN && refusal.statusCode() == Refusals.NOT_FOUND) {
                // A store answers 404 for an object only if the caller may list the bucket. So the bucket exists.
                return;
            }
            throw new StoreException(
                    "HEAD of " + named(object) + " answered " + refusal.statusCode() + ", and of the bucket "
                            + e.statusCode() + ": is s3.endpoint right, and does the bucket exist there?"
                            + refusals.aboutRegion(object.bucket(), e),
                    e);
        } catch (SdkException e) {
            throw new StoreException("HEAD of bucket " + object.bucket() + " got no answer: " + e.getMessage(), e);
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
                request -> request.bucket(bucket).prefix(prefix).continuationToken(from)));
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
        try {
            client.ask(bucket, s3 -> s3.headBucket(request -> request.bucket(bucket)));
        } catch (SdkException e) {
            throw refusals.failure(bucket, "bucket " + bucket, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
