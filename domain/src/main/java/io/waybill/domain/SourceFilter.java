package io.waybill.domain;

import java.time.Duration;
import java.util.Set;

/**
 * Which objects a route takes, and which of the events about them.
 *
 * @param bucket    the bucket's exact name
 * @param prefix    what the key begins with; empty takes all
 * @param suffix    what the key ends with; empty takes all
 * @param minBytes  the smallest object that is a file, 0 or more
 * @param events    the store's words for the ways of writing that count, such as {@code Put}; empty takes all
 * @param settle    how long after an event the route looks at the object; zero for at once
 * @param unchanged what becomes of an object that was written again as it was
 */
public record SourceFilter(
        String bucket,
        String prefix,
        String suffix,
        long minBytes,
        Set<String> events,
        Duration settle,
        Unchanged unchanged) {
    /** What becomes of a version that has the ETag and the size of the one that was delivered before it. */
    public enum Unchanged {
        /** It is delivered, like every version. */
        DELIVER,
        /** It is not delivered. */
        SKIP
    }

    public SourceFilter {
        events = Set.copyOf(events);
    }

    /** Delivers every version. */
    public SourceFilter(
            String bucket, String prefix, String suffix, long minBytes, Set<String> events, Duration settle) {
        this(bucket, prefix, suffix, minBytes, events, settle, Unchanged.DELIVER);
    }

    /** Takes objects of every size, however they were written, and at once. */
    public SourceFilter(String bucket, String prefix, String suffix) {
        this(bucket, prefix, suffix, 0, Set.of(), Duration.ZERO);
    }

    /** Whether the route takes an object with this key. A key that ends in '/' is a folder marker, never a file. */
    public boolean takes(String bucket, String key) {
        return this.bucket.equals(bucket) && key.startsWith(prefix) && key.endsWith(suffix) && !key.endsWith("/");
    }

    /**
     * Whether the route takes objects that were written in this way.
     *
     * @param event the store's word; empty if the store does not say, which every route takes
     */
    public boolean takesEvent(String event) {
        return events.isEmpty() || event.isEmpty() || events.contains(event);
    }

    /** Whether the route waits for objects to settle. */
    public boolean settles() {
        return settle.isPositive();
    }
}
