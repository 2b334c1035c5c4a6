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
 * @param originKind   the kind of the source of ours that put the object there; null if it is not proven that one did
 * @param originSource the name of that source
 * @param originIdentity what that source calls this content of this file
 * @param originUser   on whose behalf it took the file; null if nobody is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceAnswer(
        String bucket,
        String key,
        @Nullable String versionId,
        String etag,
        long size,
        String lastModified,
        @Nullable String originKind,
        @Nullable String originSource,
        @Nullable String originIdentity,
        @Nullable String originUser) {
    public SourceAnswer {
        requireNonNull(bucket, "bucket");
        requireNonNull(key, "key");
        requireNonNull(etag, "etag");
        requireNonNull(lastModified, "lastModified");
    }
}
