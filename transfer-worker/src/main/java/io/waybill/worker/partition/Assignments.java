package io.waybill.worker.partition;

import io.waybill.domain.LedgerMark;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions belong to this worker. Everything runs on the polling thread, except {@link #ownership}, which any
 * thread may call.
 *
 * <p>A new partition is paused until its ledger is read. If the ledger does not say where to continue, the partition is on
 * hold. Then its ledger is read again from time to time, because an operator repairs it there.
 */
public final class Assignments implements ConsumerRebalanceListener {
    /** While one member hands over, a rebalance of the whole group waits. */
    public static final Duration HANDING_OVER = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

    private final Consumer<?, ?> consumer;
    private final LedgerLoader loader;
    private final Owner owner;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final Map<TopicPartition, Assignment> current = new HashMap<>();
    private long assignments;
    private volatile Ownership ownership;

    /**
     * @param consumer      consumer of transfer-work; not closed here
     * @param beforeJoining the group's metadata in the consumer before it joins
     */
    public Assignments(
            Consumer<?, ?> consumer,
            ConsumerGroupMetadata beforeJoining,
            LedgerLoader loader,
            Owner owner,
            WorkerMetrics metrics,
            ProcessClock time) {
        this.consumer = consumer;
        this.loader = loader;
        this.owner = owner;
        this.metrics = metrics;
        this.time = time;
        this.ownership = new Ownership(Map.of(), beforeJoining);
    }

    /** What happens when partitions come and go. The polling thread calls it. */
    public interface Owner {
        /** Begins the partition's work where the view says, and takes its open intents in order to resolve them. */
        PartitionProgress take(TopicPartition partition, LedgerView view);

        /**
         * Commits what is finished.
         *
         * @return false if that took longer than {@code patience}
         */
        boolean settle(Duration patience);

        /** Closes the partition's connections: the next owner opens its own. */
        void leave(PartitionProgress progress);
    }

    /** One assignment of a partition, from receiving it to losing it. */
    private static final class Assignment {
        private final long number;
        private @Nullable PartitionProgress progress;
        private @Nullable String hold;
        private @Nullable Long lookAgain;

        Assignment(long number) {
            this.number = number;
        }
    }

    /** What this worker owned when the polling thread last looked. */
    public Ownership ownership() {
        return ownership;
    }

    /** Records what this worker owns now. */
    void capture() {
        Map<TopicPartition, PartitionProgress> working = new HashMap<>();
        all().forEach(progress -> working.put(progress.partition(), progress));
        ownership = new Ownership(working, consumer.groupMetadata());
    }

    /** The current assignment of a partition; null if there is none, or if its ledger is not read yet. */
    @Nullable
    PartitionProgress of(TopicPartition partition) {
        Assignment assignment = current.get(partition);
        return assignment == null ? null : assignment.progress;
    }

    /** The progress of all partitions on which this worker works. */
    public Collection<PartitionProgress> all() {
        return current.values().stream().flatMap(assignment -> Stream.ofNullable(assignment.progress)).toList();
    }

    /** Whether this worker has read the ledger of each of its partitions, and no record is under way or held back. */
    boolean idle() {
        return !current.isEmpty() && current.values().stream()
                .allMatch(assignment -> assignment.progress != null && assignment.progress.idle());
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(this::load);
        capture();
    }

    private void load(TopicPartition partition) {
        var assignment = new Assignment(++assignments);
        current.put(partition, assignment);
        // The consumer fetches nothing from here, but polling would fail for a partition without a position.
        consumer.seek(partition, 0);
        consumer.pause(List.of(partition));
        loader.request(new LedgerLoader.Request(partition.partition(), assignment.number));
    }

    /**
     * The worker is stopping: it begins no work on any partition, and ends what it can in time.
     *
     * @param left says how long work may still take
     */
    public void drain(Supplier<Duration> left) {
        all().forEach(progress -> progress.drain(left));
    }

    /** Begins the work on partitions whose ledgers have been read, and requests new readings for partitions on hold. */
    void takeOver() {
        beginEndedAgain();
        for (var loaded = loader.next(); loaded.isPresent(); loaded = loader.next()) {
            LedgerLoader.Request request = loaded.get().request();
            LedgerView view = loaded.get().view();
            current.entrySet().stream()
                    .filter(entry -> entry.getValue().number == request.assignment())
                    .filter(entry -> entry.getKey().partition() == request.partition())
                    .findAny()
                    .ifPresent(entry -> take(entry.getKey(), entry.getValue(), view));
        }
        current.forEach((partition, assignment) -> {
            if (assignment.lookAgain != null && time.isOver(assignment.lookAgain)) {
                assignment.lookAgain = null;
                loader.request(new LedgerLoader.Request(partition.partition(), assignment.number));
            }
        });
    }

    private void take(TopicPartition partition, Assignment assignment, LedgerView view) {
        String reason = view.hold().orElse(null);
        if (reason != null) {
            if (!reason.equals(assignment.hold)) {
                LOG.atError()
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue("partition", partition.partition())
                        .addKeyValue("failure", reason)
                        .log("A partition is on hold until an operator runs ./waybill ledger mend");
            }
            assignment.hold = reason;
            assignment.lookAgain = time.after(LOOK_AGAIN);
            held();
            return;
        }
        PartitionProgress progress = owner.take(partition, view);
        assignment.progress = progress;
        assignment.hold = null;
        held();
        LedgerMark.Position position = view.position().orElseThrow();
        consumer.seek(partition, position.next());
        consumer.resume(List.of(partition));
        capture();
        LOG.atInfo()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", position.next())
                .addKeyValue("prepared", progress.ledger().prepared().size())
                .log("Took over a partition");
    }

    private void held() {
        metrics.held((int) current.values().stream().filter(assignment -> assignment.hold != null).count());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        long latest = time.after(HANDING_OVER);
        List<PartitionProgress> leaving =
                all().stream().filter(progress -> partitions.contains(progress.partition())).toList();
        leaving.forEach(PartitionProgress::handOver);
        // Files that are being published come to their end. Some of the time is kept for the commit.
        leaving.forEach(progress -> progress.awaitPublished(time.until(latest).multipliedBy(4).dividedBy(5)));
        if (!owner.settle(time.until(latest))) {
            LOG.atWarn().log("The worker could not commit finished files in time; the next owner settles them");
        }
        lose(partitions, "Handed a partition over");
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        // Another worker already owns them, so this worker can no longer commit anything for them.
        lose(partitions, "Lost a partition");
    }

    private void lose(Collection<TopicPartition> partitions, String message) {
        for (TopicPartition partition : partitions) {
            Assignment assignment = current.remove(partition);
            if (assignment != null && assignment.progress != null) {
                end(assignment.progress);
                LOG.atInfo()
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue("partition", partition.partition())
                        .log(message);
            }
        }
        held();
        capture();
    }

    /** The committing thread ends an assignment if it can commit nothing for it. This loads such partitions again. */
    private void beginEndedAgain() {
        List<PartitionProgress> ended = all().stream().filter(progress -> !progress.commits()).toList();
        for (PartitionProgress progress : ended) {
            end(progress);
            load(progress.partition());
        }
        if (!ended.isEmpty()) {
            capture();
        }
    }

    private void end(PartitionProgress progress) {
        progress.end();
        owner.leave(progress);
    }

    /** Forgets everything that is not known to be committed, and reads the ledgers again. */
    void beginAgain() {
        all().forEach(this::end);
        List.copyOf(current.keySet()).forEach(this::load);
        capture();
        LOG.atWarn().addKeyValue("partitions", current.size()).log("The worker reads the ledgers again");
    }
}
