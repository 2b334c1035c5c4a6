package io.waybill.domain;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One version of one S3 object, as {@code HeadObject} described it.
 *
 * @param bucket       the bucket's name
 * @param key          the object's key, decoded; hostile input
 * @param versionId    the S3 version id; null where the bucket has no versioning, "null" for a version written while
 *                     versioning was suspended
 * @param etag         the entity tag without quotes
 * @param size         bytes, zero or more
 * @param lastModified when the store says the version was written; S3 gives whole seconds
 * @param origin       where one of our sources found it; null if it is not proven that one of them put it there
 */
public record SourceObject(
        String bucket,
        String key,
        @Nullable String versionId,
        String etag,
        long size,
        Instant lastModified,
        @Nullable Origin origin) {
    /** Characters that each of the texts may have at most. */
    static final int LONGEST_TEXT = 4_096;
    /** In place of the object of a file that was forgotten. No bucket has this name. */
    static final SourceObject FORGOTTEN = new SourceObject("-", "-", null, "-", 0, Instant.EPOCH);

    public SourceObject {
        if (bucket.isEmpty() || key.isEmpty() || etag.isEmpty()) {
            throw new IllegalArgumentException("bucket, key and etag must not be empty, but were: '" + bucket + "', '"
                    + key + "', '" + etag + "'");
        }
        // These are parts of the file's identity, so they are refused rather than cut. Stores allow 1,024 bytes for a
        // key.
        Texts.refuseLonger("the bucket's name", bucket, LONGEST_TEXT);
        Texts.refuseLonger("the key", key, LONGEST_TEXT);
        Texts.refuseLonger("the version id", versionId, LONGEST_TEXT);
        Texts.refuseLonger("the entity tag", etag, LONGEST_TEXT);
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative, but was: " + size);
        }
    }

    /** An object that none of our sources put there. */
    public SourceObject(
            String bucket, String key, @Nullable String versionId, String etag, long size, Instant lastModified) {
        this(bucket, key, versionId, etag, size, lastModified, null);
    }

    /** The same object, as what a source put there. */
    public SourceObject from(Origin source) {
        return new SourceObject(bucket, key, versionId, etag, size, lastModified, source);
    }

    /**
     * Whether a key has a part "." or "..". Such a key is no file of any route: a store, gateway or client that resolves
     * it answers about another object, which perhaps no route takes.
     */
    public static boolean hasDotParts(String key) {
        return Arrays.stream(key.split("/", -1)).anyMatch(part -> part.equals(".") || part.equals(".."));
    }

    /** The ETag without the mark of a weak one. Some proxies add that mark to the store's ETag. */
    public String strongEtag() {
        return strong(etag);
    }

    /** An entity tag without the mark of a weak one. */
    public static String strong(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    /**
     * The mark that distinguishes this version from any other of the same key: its origin, the version id, or the ETag with
     * the last-modified second. The ETag alone would confuse the same bytes, written again, with a replay. The sequencer of
     * a notification is not reliable in every store.
     */
    public String version() {
        if (origin != null) {
            return origin.version();
        }
        return versionId != null && unique(versionId)
                ? "v:" + versionId
                : "e:" + etag + "@" + lastModified.getEpochSecond();
    }

    /**
     * Whether both are one version, as far as the store says. Not every store reports a version id in the answer to
     * HEAD. A store may report one ETag as weak at one time and not at another.
     */
    public boolean isSameVersionAs(SourceObject other) {
        boolean sameTag = strongEtag().equals(other.strongEtag());
        if (versionId == null || other.versionId == null) {
            return sameTag;
        }
        return unique(versionId) || unique(other.versionId)
                ? versionId.equals(other.versionId)
                : sameTag && lastModified.getEpochSecond() == other.lastModified.getEpochSecond();
    }

    /**
     * A bucket with suspended versioning gives every overwrite of a key the id "null", and Ceph RGW may give an empty
     * id even with versioning on. By those ids an overwritten object would look like a replay and never be sent.
     */
    private static boolean unique(String versionId) {
        return !versionId.isEmpty() && !versionId.equals("null");
    }
}
