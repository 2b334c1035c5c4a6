package io.waybill.ingest;

/**
 * Counts what ingest does. Only what was committed is counted, so that the sum of {@link BatchCounts} holds at any time
 * and over all instances: {@code objectEvents = matched + repeated + unmatched + gone + ignored + unreadable}.
 *
 * <p>Alert on dead letters at all, on {@code gone} beyond a trickle, and when {@link #waiting} stays above zero.
 */
public interface IngestMetrics {
    /** Counts nothing. */
    IngestMetrics NONE = new IngestMetrics() {
        @Override
        public void committed(BatchCounts counts) {}

        @Override
        public void waiting(boolean forStore) {}
    };

    /** A batch is committed. */
    void committed(BatchCounts counts);

    /** Whether the object store leaves questions open, which holds everything up. */
    void waiting(boolean forStore);
}
