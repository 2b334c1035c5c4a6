package io.waybill.domain;

/**
 * Which objects a route takes.
 *
 * @param bucket the bucket's exact name
 * @param prefix what the key begins with; empty takes all
 * @param suffix what the key ends with; empty takes all
 */
public record SourceFilter(String bucket, String prefix, String suffix) {
    /** Whether the route takes an object with this key. A key that ends in '/' is a folder marker, never a file. */
    public boolean takes(String bucket, String key) {
        return this.bucket.equals(bucket) && key.startsWith(prefix) && key.endsWith(suffix) && !key.endsWith("/");
    }
}
