package io.waybill.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Writes files that are too large for one request. */
final class Multipart {
    /** A file of at least this many bytes is written in parts. S3 takes 5 GiB in one request. */
    static final long THRESHOLD = 1L << 30;

    private static final long LEAST_PART = 64L << 20;
    private static final int MOST_PARTS = 9_000;
    private static final String TYPE = "application/octet-stream";

    private final S3Client client;

    Multipart(S3Client client) {
        this.client = client;
    }

    CompleteMultipartUploadResponse put(String bucket, String key, Path file, long size, Map<String, String> metadata) {
        String upload = client.createMultipartUpload(
                request -> request.bucket(bucket).key(key).metadata(metadata)).uploadId();
        try {
            long partSize = Math.max(LEAST_PART, size / MOST_PARTS + 1);
            var parts = new ArrayList<CompletedPart>();
            for (long from = 0; from < size; from += partSize) {
                int number = parts.size() + 1;
                var body = part(file, from, Math.min(partSize, size - from));
                String etag = client.uploadPart(
                        request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(number), body).eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
            }
            return client.completeMultipartUpload(request -> request.bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(all -> all.parts(parts)));
        } catch (SdkException | UncheckedIOException e) {
            // The owner of the bucket pays for the parts of an unfinished upload until somebody aborts it.
            client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
            throw e;
        }
    }

    private static RequestBody part(Path file, long from, long length) {
        return RequestBody.fromContentProvider(() -> bytes(file, from, length), length, TYPE);
    }

    private static InputStream bytes(Path file, long from, long length) {
        try {
            FileChannel channel = FileChannel.open(file).position(from);
            return new BoundedInput(Channels.newInputStream(channel), length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
