package io.waybill.store;

import io.waybill.domain.SourceObject;
import io.waybill.store.ObjectCatalog.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** Writes objects, and makes the buckets for them. Safe for several threads. */
public final class ObjectWriter implements AutoCloseable {
    /** The key in an object's metadata under which the writer records the digest of the content. */
    static final String SHA256 = "waybill-sha256";

    private final StoreClient client;
    private final Refusals refusals;
    private final ObjectCatalog catalog;

    ObjectWriter(StoreClient client, Refusals refusals) {
        this.client = client;
        this.refusals = refusals;
        catalog = new S3Catalog(client, refusals, OriginSeal.NONE);
    }

    /** Makes a bucket if it does not exist. */
    public void makeBucket(String bucket) throws StoreException {
        try {
            client.ask(bucket, s3 -> s3.createBucket(request -> request.bucket(bucket)));
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
            // The bucket exists.
        } catch (SdkException e) {
            throw refusals.failure(bucket, "bucket " + bucket, e);
        }
    }

    /**
     * Writes a file, in one step or in parts, depending on its size. In both cases the object appears whole or not at
     * all.
     *
     * @param sha256 of the file's content, lower-case hexadecimal; {@link Answer.Found#sha256} returns it later
     * @return the object as the store describes it afterwards
     * @throws StoreException if the store did not take the file
     * @throws IOException    if the file cannot be read
     */
    public SourceObject put(String bucket, String key, Path file, String sha256) throws IOException {
        Map<String, String> metadata = Map.of(SHA256, sha256);
        long size = Files.size(file);
        try {
            if (size > Multipart.THRESHOLD) {
                client.ask(bucket, s3 -> new Multipart(s3).put(bucket, key, file, size, metadata));
            } else {
                client.ask(bucket, s3 -> s3.putObject(
                        request -> request.bucket(bucket).key(key).metadata(metadata), RequestBody.fromFile(file)));
            }
        } catch (SdkException e) {
            throw refusals.failure(bucket, bucket + "/" + key, e);
        }
        return switch (catalog.describe(new ObjectVersion(bucket, key, null))) {
            case Answer.Found(var object, var _, var _) -> object;
            case Answer.Gone() ->
                throw new StoreException(
                        refusals.store() + ": " + bucket + "/" + key + " is gone again right after it was put");
            case Answer.Archived(var advice) ->
                throw new StoreException(refusals.store() + ": " + bucket + "/" + key + " was put, but " + advice);
            case Answer.Refused(var fault) ->
                throw new StoreException(refusals.store() + ": " + bucket + "/" + key + " was put, but " + fault);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
