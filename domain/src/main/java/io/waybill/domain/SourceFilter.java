package io.waybill.domain;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /**
     * The questions that decide whether a route takes an object, in the order in which they are asked. The names are JSON
     * values, hence public: add, never rename.
     */
    public enum Rule {
        /** The route reads another bucket. */
        BUCKET,
        /** The key ends in '/': it marks a folder, and is never a file. */
        FOLDER,
        /** The key begins in another way. */
        PREFIX,
        /** The key ends in another way. */
        SUFFIX,
        /** The object was written in a way that does not count. */
        EVENT,
        /** The key has a part "." or "..". */
        DOT_PARTS,
        /** The object is too small. */
        MIN_BYTES
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
        return refusal(bucket, key) == null;
    }

    private @Nullable Rule refusal(String bucket, String key) {
        if (!this.bucket.equals(bucket)) {
            return Rule.BUCKET;
        }
        if (key.endsWith("/")) {
            return Rule.FOLDER;
        }
        if (!key.startsWith(prefix)) {
            return Rule.PREFIX;
        }
        return key.endsWith(suffix) ? null : Rule.SUFFIX;
    }

    /**
     * The first rule that says no to an object; empty if the route takes it.
     *
     * @param event the store's word for how it was written; empty if that is not known, and all routes take it
     * @param size  empty if it is not known, and all routes take it
     */
    public Optional<Rule> refusal(String bucket, String key, String event, OptionalLong size) {
        Rule refusal = refusal(bucket, key);
        if (refusal != null) {
            return Optional.of(refusal);
        }
        if (!takesEvent(event)) {
            return Optional.of(Rule.EVENT);
        }
        if (SourceObject.hasDotParts(key)) {
            return Optional.of(Rule.DOT_PARTS);
        }
        return size.isPresent() && !takesSize(size.getAsLong()) ? Optional.of(Rule.MIN_BYTES) : Optional.empty();
    }

    /** Whether an object of this many bytes is large enough. */
    public boolean takesSize(long bytes) {
        return bytes >= minBytes;
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
