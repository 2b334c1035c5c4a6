package io.waybill.ingest;

import org.apache.kafka.clients.consumer.Consumer;

/**
 * Counts the work of ingest. It counts only committed work. So the sum of {@link BatchCounts} holds at any time and
 * over all instances: {@code objectEvents = matched + repeated + unmatched + gone + ignored + unreadable}.
 *
 * <p>Alert if there is any dead letter, if {@code gone} grows more than occasionally, or if {@link #waiting} stays
 * above zero.
 */
public interface IngestMetrics {
    /** Counts nothing. */
    IngestMetrics NONE = new IngestMetrics() {
        @Override
        public void committed(BatchCounts counts) {}

        @Override
        public void waiting(boolean forStore) {}
    };

    /** Counts a batch that Kafka has committed. */
    void committed(BatchCounts counts);

    /** Ingest reads notifications through this consumer from now on. */
    default void reads(Consumer<?, ?> consumer) {}

    /** Says whether the object store leaves questions open. Open questions stop ingest. */
    void waiting(boolean forStore);
}
