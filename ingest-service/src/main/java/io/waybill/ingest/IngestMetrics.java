package io.waybill.ingest;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Counts the work of ingest. It counts only committed work. So the sum of {@link BatchCounts} holds at any time and
 * over all instances: the object events of all notifications are
 * {@code matched + repeated + unmatched + gone + ignored + unreadable}, and those whose objects wait.
 *
 * <p>Alert if there is any dead letter, if {@code gone} grows more than occasionally, or if a bucket is down.
 */
public interface IngestMetrics {
    /** Counts nothing. */
    IngestMetrics NONE = new IngestMetrics() {
        @Override
        public void committed(BatchCounts counts) {}

        @Override
        public void waiting(Map<String, Integer> parked, boolean anyPaused, Set<String> down) {}
    };

    /** Counts a batch that Kafka has committed. */
    void committed(BatchCounts counts);

    /**
     * Says what waits for the object store.
     *
     * @param parked    how many objects of each bucket wait
     * @param anyPaused whether the store does not answer for some bucket
     * @param down      the buckets for which it has not answered for so long that a person must look
     */
    void waiting(Map<String, Integer> parked, boolean anyPaused, Set<String> down);

    /** Ingest reads notifications through this consumer from now on. */
    default void reads(Consumer<?, ?> consumer) {}
}
