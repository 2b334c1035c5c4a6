package io.waybill.worker.commit;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes finished records from the work topic. The topic itself keeps everything, because a retention time must not lose
 * the work for a slow partner. The truncator never deletes beyond the position in the ledger: if records beyond the
 * committed position were gone, the next owner would take them for work that was deleted before it was done. The polling
 * thread calls it; it never waits.
 */
public final class WorkTopicTruncator {
    static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(WorkTopicTruncator.class);

    private final Deletion topic;
    private final Supplier<Collection<PartitionProgress>> owned;
    private final ProcessClock time;
    private final Map<TopicPartition, Long> truncated = new ConcurrentHashMap<>();
    private long next;

    /** Begins to delete the records of a partition before an offset. The result may be reported to any thread. */
    @FunctionalInterface
    public interface Deletion {
        CompletionStage<?> begin(TopicPartition partition, long before);
    }

    public WorkTopicTruncator(
            Deletion topic, Supplier<Collection<PartitionProgress>> owned, ProcessClock time) {
        this.topic = topic;
        this.owned = owned;
        this.time = time;
        this.next = time.after(PERIOD);
    }

    /** Deletes, if it is time to. */
    public void truncate() {
        if (!time.isOver(next)) {
            return;
        }
        next = time.after(PERIOD);
        Map<TopicPartition, Long> done = new HashMap<>();
        for (PartitionProgress progress : owned.get()) {
            long position = progress.committedPosition();
            if (position > truncated.getOrDefault(progress.partition(), 0L)) {
                done.put(progress.partition(), position);
            }
        }
        done.forEach((partition, position) -> {
            var _ = topic.begin(partition, position).whenComplete((_, failure) -> note(partition, position, failure));
        });
    }

    private void note(TopicPartition partition, long position, @Nullable Throwable failure) {
        if (failure == null) {
            truncated.put(partition, position);
            return;
        }
        LOG.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("failure", failure.toString())
                .log("The worker could not delete finished records of work; it tries again");
    }
}
