package io.waybill.devstack.servers;

import io.waybill.devstack.servers.ObjectCreated.How;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store that announces each object created in it, at least once.
 *
 * <p>A client's request is answered when the object is stored; its announcement follows without the client
 * waiting. Were the client made to wait and told of a failure, it would store the object again, which is
 * another file. Instead the object is marked once its announcement is safe, and {@link #announceMissed}
 * announces at each start what a crash left unmarked.
 *
 * <p>Markers of empty folders ({@code folder/}) are not announced: asked for one, the store gives no ETag, and
 * there is nothing to deliver.
 */
final class NotifyingBlobStore extends ForwardingBlobStore {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyingBlobStore.class);

    /** How the store below names the file of an upload under way: the key, a dash, a random UUID. */
    private static final Pattern CUT_OFF_UPLOAD =
            Pattern.compile(".+-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", Pattern.DOTALL);

    /** How S3Proxy names the object by which it remembers a multipart upload until its end. */
    private static final String OPEN_MULTIPART_UPLOAD = ".s3proxy-mpu-stub-";

    private final NotificationSink sink;
    private final AnnouncedMarks marks;
    private final InstantSource clock;
    private final AtomicLong lastSequence = new AtomicLong();

    NotifyingBlobStore(BlobStore store, NotificationSink sink, AnnouncedMarks marks, InstantSource clock) {
        super(store);
        this.sink = Objects.requireNonNull(sink, "sink");
        this.marks = Objects.requireNonNull(marks, "marks");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        var stored = super.putBlob(request, content);
        announceStored(How.PUT, request.bucket(), request.key(), stored.versionId());
        return stored;
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        var stored = super.copyBlob(request);
        announceStored(How.COPY, request.destinationBucket(), request.destinationKey(), stored.versionId());
        return stored;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        var stored = super.completeMultipartUpload(upload, request);
        announceStored(
                How.COMPLETE_MULTIPART_UPLOAD, upload.containerName(), upload.blobName(), stored.versionId());
        return stored;
    }

    /**
     * Hides what is not an object: the files in which the store below collects an upload stand beside the
     * objects, and only objects have an ETag.
     */
    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        var listed = super.list(request);
        var objects = listed.contents().stream()
                .filter(object -> object.eTag() != null)
                .toList();
        return listed.toBuilder()
                .contents(objects)
                .keyCount(objects.size() + listed.commonPrefixes().size())
                .build();
    }

    /**
     * Announces every object that is not marked, and removes what is left of uploads that a crash cut off.
     * One pass over the store; call it before the store serves anyone. Announcements are handed to the
     * sink, not awaited.
     *
     * @return how many
     */
    int announceMissed() throws IOException {
        int missed = 0;
        for (Bucket bucket : list().buckets()) {
            // One page: the store walks all its folders for each page it is asked for.
            var everything = ListObjectsV2Request.builder()
                    .bucket(bucket.name())
                    .maxKeys(Integer.MAX_VALUE)
                    .build();
            for (S3Object object : super.list(everything).contents()) {
                if (object.eTag() == null) {
                    removeCutOffUpload(bucket.name(), object.key());
                } else if (isContent(object.key()) && !isMarked(bucket.name(), object)) {
                    announceStored(How.PUT, bucket.name(), object.key(), null);
                    missed++;
                }
            }
        }
        return missed;
    }

    private boolean isMarked(String bucket, S3Object object) throws IOException {
        return marks.has(bucket, object.key(), unquoted(object.eTag()), object.lastModified());
    }

    /** Spares a file that somebody laid into the folder past the store. */
    private void removeCutOffUpload(String bucket, String key) {
        if (CUT_OFF_UPLOAD.matcher(key).matches()) {
            removeBlob(bucket, key);
        }
    }

    private void announceStored(How how, String bucket, String key, @Nullable String versionId) {
        if (!isContent(key)) {
            return;
        }
        var stored = blobMetadataIfPresent(bucket, key);
        if (stored == null) {
            return; // deleted again at once; the announcement would lead nowhere
        }
        var created = new ObjectCreated(
                how,
                bucket,
                key,
                stored.contentLength(),
                unquoted(stored.eTag()),
                stored.lastModified(),
                versionId == null ? stored.versionId() : versionId,
                clock.instant(),
                nextSequencer());
        sink.send(bucket + '/' + key, created.toJson()).whenComplete((_, failure) -> {
            if (failure == null) {
                mark(created);
            } else {
                LOG.atWarn()
                        .setCause(failure)
                        .addKeyValue("bucket", bucket)
                        .addKeyValue("key", key)
                        .log("S3 notification not sent; it is sent at the next start");
            }
        });
    }

    private void mark(ObjectCreated created) {
        try {
            marks.set(created.bucket(), created.key(), created.eTag(), created.lastModified());
        } catch (IOException unmarked) {
            LOG.atWarn()
                    .setCause(unmarked)
                    .addKeyValue("bucket", created.bucket())
                    .addKeyValue("key", created.key())
                    .log("S3 object not marked as announced; it is announced again at the next start");
        }
    }

    /** Grows with time, so that it also grows over restarts; two in one microsecond still differ. */
    private String nextSequencer() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        long next = lastSequence.updateAndGet(last -> Math.max(last + 1, now));
        return String.format(Locale.ROOT, "%016X", next);
    }

    private static boolean isContent(String key) {
        return !key.endsWith("/") && !key.startsWith(OPEN_MULTIPART_UPLOAD);
    }

    private static String unquoted(String eTag) {
        return eTag.replace("\"", "");
    }
}
