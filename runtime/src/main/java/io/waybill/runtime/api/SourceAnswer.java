package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The object version of a file.
 *
 * @param versionId    null in a bucket without versions
 * @param size         in bytes
 * @param lastModified ISO 8601 in UTC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceAnswer(
        String bucket, String key, @Nullable String versionId, String etag, long size, String lastModified) {
    public SourceAnswer {
        requireNonNull(bucket, "bucket");
        requireNonNull(key, "key");
        requireNonNull(etag, "etag");
        requireNonNull(lastModified, "lastModified");
    }
}
