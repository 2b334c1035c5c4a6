package io.waybill.worker.commit;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes work that is done from the topic, which keeps everything by itself: a slow partner must not lose work to a
 * retention time. Never beyond the position in the ledger: what is gone before a position that was not committed is, to
 * the next owner, work that was deleted undone. Has positions committed that only markers moved. Called by the thread
 * that polls; never waits.
 */
public final class WorkTopicTruncator {
    static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(WorkTopicTruncator.class);

    private final Deletion topic;
    private final Supplier<Collection<PartitionProgress>> owned;
    private final Consumer<CommitEntry> entries;
    private final ProcessClock time;
    private final Map<TopicPartition, Long> truncated = new ConcurrentHashMap<>();
    private long next;

    /** Begins to delete the records of a partition before an offset; whatever comes of it may be told to any thread. */
    @FunctionalInterface
    public interface Deletion {
        CompletionStage<?> begin(TopicPartition partition, long before);
    }

    /**
     * @param entries takes what is to be committed
     */
    public WorkTopicTruncator(
            Deletion topic,
            Supplier<Collection<PartitionProgress>> owned,
            Consumer<CommitEntry> entries,
            ProcessClock time) {
        this.topic = topic;
        this.owned = owned;
        this.entries = entries;
        this.time = time;
        this.next = time.after(PERIOD);
    }

    /** Does it if it is time to. */
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
            if (progress.uncommitted()) {
                // At most once a period: nothing else is committed while no work comes.
                entries.accept(CommitEntry.finishing(progress, OptionalLong.empty()));
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
