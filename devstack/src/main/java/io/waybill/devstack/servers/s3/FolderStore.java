package io.waybill.devstack.servers.s3;

import java.io.InputStream;
import java.nio.file.Path;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** S3Proxy's store over a folder. It refuses keys that a folder cannot hold, and bytes that the disk has no space for. */
public final class FolderStore extends ForwardingBlobStore {
    private final FileKeys keys;
    private final DiskSpace space;

    /**
     * @param root absolute; has a folder for each bucket
     */
    public FolderStore(Path root, DiskSpace space) {
        this(new FilesystemNio2BlobStore(root.toString()), new FileKeys(root), space);
    }

    private FolderStore(BlobStore store, FileKeys keys, DiskSpace space) {
        super(store);
        this.keys = keys;
        this.space = space;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        require(request.bucket(), request.key());
        space.require(length(request.contentLength()));
        return super.putBlob(request, content);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        requireExistence(request.sourceBucket(), request.sourceKey());
        require(request.destinationBucket(), request.destinationKey());
        space.require(length(blobMetadata(request.sourceBucket(), request.sourceKey()).contentLength()));
        return super.copyBlob(request);
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        keys.faultOfParts(request.bucket(), request.key()).ifPresent(fault -> {
            throw fault;
        });
        return super.initiateMultipartUpload(request);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request,
            InputStream content) {
        space.require(length(request.contentLength()));
        return super.uploadMultipartPart(upload, request, content);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        requireExistence(request.bucket(), request.key());
        return super.getBlob(request);
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        requireExistence(request.bucket(), request.key());
        return super.blobMetadata(request);
    }

    /** S3 says yes to the removal of what is not there. */
    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return FileKeys.canExist(request.key())
                ? super.removeBlob(request)
                : DeleteObjectResponse.builder().build();
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        String prefix = request.prefix();
        int folder = prefix == null ? -1 : prefix.lastIndexOf('/');
        if (folder >= 0 && !FileKeys.canExist(prefix.substring(0, folder + 1))) {
            headBucket(HeadBucketRequest.builder().bucket(request.bucket()).build());
            return ListObjectsV2Response.builder().keyCount(0).isTruncated(false).build();
        }
        return super.list(request);
    }

    private void require(String bucket, String key) {
        keys.faultOfObject(bucket, key).ifPresent(fault -> {
            throw fault;
        });
    }

    private static void requireExistence(String bucket, String key) {
        if (!FileKeys.canExist(key)) {
            throw FileKeys.noSuchKey(bucket, key);
        }
    }

    private static long length(@Nullable Long given) {
        return given == null ? 0 : given;
    }
}
