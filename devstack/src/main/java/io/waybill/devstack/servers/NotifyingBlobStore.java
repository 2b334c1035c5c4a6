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
 * <p>The store answers a client when the object is stored. The announcement follows without the client waiting. If the
 * client waited and learned of a failed announcement, it would store the object again, and that would be another file.
 * Instead, the store marks the object when its announcement is safe. At each start {@link #announceMissed} announces
 * the objects that a crash left unmarked.
 *
 * <p>The store does not announce markers of empty folders ({@code folder/}): it gives no ETag for them, and there is
 * nothing to deliver.
 */
final class NotifyingBlobStore extends ForwardingBlobStore {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyingBlobStore.class);

    /** The name that the store below gives to the file of an unfinished upload: the key, a dash, a random UUID. */
    private static final Pattern CUT_OFF_UPLOAD =
            Pattern.compile(".+-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", Pattern.DOTALL);

    /** The name that S3Proxy gives to the object by which it remembers a multipart upload until its end. */
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
     * Hides entries that are not objects. The store below collects an upload in files beside the objects, and only
     * objects have an ETag.
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
     * Announces every object that is not marked, and removes the rest of uploads that a crash cut off. It makes one
     * pass over the store. Call it before the store serves any client. It hands the announcements to the sink and does
     * not wait for them.
     *
     * @return the number of announcements
     */
    int announceMissed() throws IOException {
        int missed = 0;
        for (Bucket bucket : list().buckets()) {
            // Ask for one page, because the store walks all its folders for each page.
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

    /** Does not remove a file that somebody put into the folder without the store. */
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
            return; // already deleted again; the announcement would lead nowhere
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

    /** The number grows with time, so it also grows over restarts. Two numbers in one microsecond still differ. */
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
