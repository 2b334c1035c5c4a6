package io.waybill.worker.connections;

/** Knows which buckets cannot be read now. Any thread. */
@FunctionalInterface
public interface SourceGate {
    /** For a source of which nothing is known. */
    SourceGate OPEN = _ -> {};

    /**
     * Returns if objects of a bucket may be asked for.
     *
     * @throws SourceDownException if no object of the bucket can be read now
     */
    void requireUp(String bucket) throws SourceDownException;
}
