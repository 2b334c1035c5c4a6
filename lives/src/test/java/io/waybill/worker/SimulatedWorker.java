package io.waybill.worker;

import static java.util.Comparator.comparing;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.NameFolding;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.DeliveryIndex;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.sftp.Connector;
import io.waybill.store.ObjectReader;
import io.waybill.worker.commit.Committer;
import io.waybill.worker.commit.IndexSweeper;
import io.waybill.worker.commit.LedgerRecords;
import io.waybill.worker.commit.PositionCommitter;
import io.waybill.worker.commit.ReleaseSender;
import io.waybill.worker.commit.Transactor;
import io.waybill.worker.commit.WorkTopicTruncator;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.connections.GuardedSource;
import io.waybill.worker.delivery.DestinationDelivery;
import io.waybill.worker.delivery.Executions;
import io.waybill.worker.delivery.HaltedWork;
import io.waybill.worker.delivery.Judge;
import io.waybill.worker.delivery.PublishProtocol;
import io.waybill.worker.delivery.Reporting;
import io.waybill.worker.delivery.StagingCleaner;
import io.waybill.worker.delivery.UnresolvedIntents;
import io.waybill.worker.delivery.WithdrawnWork;
import io.waybill.worker.delivery.WorkItems;
import io.waybill.worker.lanes.LaneLimit;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.LedgerEntries;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import io.waybill.worker.partition.WorkRecord;
import io.waybill.worker.status.FilesInFlight;
import io.waybill.worker.upload.ResumeSizes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a real worker, joined as {@link TransferWorker} joins them, and driven from outside instead of by threads and
 * a consumer. The one place where a simulated life knows how a worker is made.
 */
public final class SimulatedWorker {
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    private final Setup setup;
    private final Topics topics;
    private final Home home;
    private final ConnectionPool connections;
    private final Transactor transactor;
    private final Committer committer;
    private final UnresolvedIntents unresolved;
    private final StagingCleaner cleaner;
    private final WorkItems items;
    private final WithdrawnWork withdrawn = new WithdrawnWork();
    private final HaltedWork halted;
    private final ReleaseSender releases;
    private final HeardControls heard;
    private final IndexSweeper sweeper;
    private final WorkTopicTruncator truncator;
    private final PositionCommitter positions;
    private volatile Ownership ownership;
    private final Map<TopicPartition, PartitionProgress> owned = new LinkedHashMap<>();

    /**
     * What surrounds the worker.
     *
     * @param config     as the worker has it
     * @param threads    starts a thread for each task
     * @param pause      lets so much time pass on the calling thread
     * @param posted     called when there is something to commit
     * @param beginAgain called when the ledger must be read again
     * @param truncate   removes what lies before an offset of the work
     * @param fencing    ends a worker whose id another has as well
     * @param span       how many records may be begun and not finished
     */
    public record Setup(
            String id,
            WaybillConfig config,
            ObjectReader source,
            Connector connector,
            IntFunction<Producer<byte[], byte[]>> producers,
            Executor threads,
            Pause pause,
            Runnable posted,
            Runnable beginAgain,
            RandomGenerator random,
            ObjLongConsumer<TopicPartition> truncate,
            int span,
            long resumeStep,
            long worthResuming,
            FencingGuard fencing,
            ProcessClock time) {}

    public SimulatedWorker(Setup setup, Topics topics, Home home, ConsumerGroupMetadata joined) {
        this.setup = setup;
        this.topics = topics;
        this.home = home;
        ownership = new Ownership(Map.of(), joined);
        ProcessClock time = setup.time();
        releases = new ReleaseSender(topics, setup.id(), time);
        connections = new ConnectionPool(
                setup.connector(),
                WorkerMetrics.NONE,
                time,
                lane -> ownership.has(lane),
                setup.random(),
                releases::reached);
        var source =
                new GuardedSource(setup.source(), WorkerMetrics.NONE, time, setup.random(), releases::reached);
        halted = new HaltedWork(Halts.of(setup.config()), releases::due, time);
        heard = new HeardControls(setup.id(), withdrawn, halted, connections, source, releases);
        var delivery = new DestinationDelivery(
                setup.config().destinations(),
                source,
                connections,
                WorkerMetrics.NONE,
                new ResumeSizes(setup.resumeStep(), setup.worthResuming()),
                time);
        var scheduler = new LaneScheduler(
                new LaneLimit(setup.config().destinations()),
                setup.threads(),
                (lane, path) -> folding(lane.destination()).fold(path));
        unresolved = new UnresolvedIntents(time, setup.random());
        transactor = new Transactor(
                setup.producers(), new LedgerRecords(topics, home), () -> false, setup.fencing());
        committer = new Committer(
                transactor,
                () -> ownership,
                setup.beginAgain(),
                Duration.ZERO,
                WorkerMetrics.NONE,
                setup.pause(),
                time);
        cleaner = new StagingCleaner(delivery, scheduler, this::post, time);
        sweeper = new IndexSweeper(this::post, time);
        var reporting = new Reporting(
                topics,
                delivery,
                this::post,
                unresolved::add,
                PublishProtocol.TWO_PHASE,
                setup.id(),
                WorkerMetrics.NONE,
                new FilesInFlight(time),
                time);
        var executions = new Executions(reporting, new Judge(withdrawn, halted, source::current), cleaner);
        items = new WorkItems(topics, scheduler, executions, this::post, time);
        truncator = new WorkTopicTruncator(
                (work, before) -> {
                    setup.truncate().accept(work, before);
                    return CompletableFuture.completedFuture(null);
                },
                this::owned,
                time);
        positions = new PositionCommitter(this::post, time);
    }

    private NameFolding folding(DestinationName name) {
        DestinationConfig destination = setup.config().destinations().get(name);
        return destination == null ? NameFolding.NONE : destination.foldNames();
    }

    /** What is not to be sent any more; null for a tombstone. */
    public void hear(FileId id, @Nullable ControlRecord record) {
        heard.read(id, record);
    }

    private List<PartitionProgress> owned() {
        return List.copyOf(owned.values());
    }

    private void post(CommitEntry entry) {
        committer.post(entry);
        setup.posted().run();
    }

    /** The beginning of the thread that commits. */
    public void open() {
        transactor.open();
    }

    /** The step of the thread that commits; false if there was nothing to commit. */
    public boolean commitPosted(int most) throws InterruptedException {
        return committer.commitPosted(most);
    }

    /** The partition's ledger was read; as {@code TransferWorker.Assembly.take}. */
    public void take(
            TopicPartition partition, Position position, Map<String, LedgerMark> marks, DeliveryIndex index) {
        var progress = new PartitionProgress(
                partition,
                position.next(),
                position.done(),
                new LedgerEntries(marks, index, this::folding),
                StagingTokens.of(home, partition.partition(), setup.random()),
                setup.span());
        owned.put(partition, progress);
        marks.values().stream()
                .filter(Prepared.class::isInstance)
                .map(Prepared.class::cast)
                .forEach(intent -> unresolved.add(intent, progress));
        releases.tookOver(setup.config());
    }

    public boolean owns(TopicPartition partition) {
        PartitionProgress progress = owned.get(partition);
        return progress != null && progress.commits();
    }

    /** Looks what is owned now. */
    public void capture(ConsumerGroupMetadata metadata) {
        ownership = new Ownership(owned, metadata);
    }

    /** What one poll brought. */
    public void handle(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long readUpTo) {
        PartitionProgress progress = owned.get(partition);
        if (progress == null) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (progress.begin(record.offset(), WorkRecord.lane(record))) {
                items.handle(record, progress);
            }
        }
        progress.readUpTo(readUpTo);
    }

    /** Where to read on, if elsewhere than the reading stands. */
    public OptionalLong seek(TopicPartition partition) {
        PartitionProgress progress = owned.get(partition);
        return progress == null ? OptionalLong.empty() : progress.seek();
    }

    /** What the thread that polls does each time beside polling. */
    public void handOut() {
        unresolved.handOut(items::resolve);
        cleaner.handOut(owned());
        sweeper.handOut(owned());
        positions.handOut(owned());
        halted.handOut();
        releases.handOut(this::write);
        connections.closeIdle();
        truncator.truncate();
    }

    /** A life has no producer apart from those of the transactions. */
    private void write(List<ProducerRecord<byte[], byte[]>> records, Consumer<Optional<String>> end) {
        Optional<PartitionProgress> any = owned().stream().filter(PartitionProgress::stands).findFirst();
        if (any.isEmpty()) {
            end.accept(Optional.of("no partition is owned"));
            return;
        }
        var entry = new CommitEntry(
                any.get(),
                OptionalLong.empty(),
                records,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                new CompletableFuture<>());
        var _ = entry.committed().thenAccept(
                done -> end.accept(done ? Optional.empty() : Optional.of("the transaction was not committed")));
        post(entry);
    }

    /** The worker is asked to stop: nothing new is begun, and what has begun comes to its end if it does so in time. */
    public void drain(Supplier<Duration> left) {
        owned().forEach(progress -> progress.drain(left));
    }

    /** The partitions are about to be revoked: nothing new is begun, and what is being published comes to its end. */
    public void handOver() {
        owned().forEach(PartitionProgress::handOver);
    }

    /** Waits for what is being published; ended by an interrupt. */
    public void awaitPublished() {
        owned().forEach(progress -> progress.awaitPublished(FOR_EVER));
    }

    /** Waits for what is posted; ended by an interrupt. */
    public boolean settle() {
        setup.posted().run();
        return committer.settle(FOR_EVER);
    }

    /** The partitions are no longer ours. */
    public void end() {
        for (PartitionProgress progress : owned()) {
            progress.end();
            progress.lanes().stream().sorted(comparing(Lane::key)).forEach(connections::breakOff);
        }
        owned.clear();
    }

    /** How many intents are not settled. */
    public int unsettled() {
        return owned().stream().mapToInt(progress -> progress.ledger().prepared().size()).sum();
    }

    public Topics topics() {
        return topics;
    }
}
