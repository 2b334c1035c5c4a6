package io.waybill.worker;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.NameFolding;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.ClusterFacts;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.ControlsReader;
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
import io.waybill.worker.delivery.Deliverer;
import io.waybill.worker.delivery.DestinationDelivery;
import io.waybill.worker.delivery.Executions;
import io.waybill.worker.delivery.HaltedWork;
import io.waybill.worker.delivery.Judge;
import io.waybill.worker.delivery.Reporting;
import io.waybill.worker.delivery.StagingCleaner;
import io.waybill.worker.delivery.UnresolvedIntents;
import io.waybill.worker.delivery.WithdrawnWork;
import io.waybill.worker.delivery.WorkItems;
import io.waybill.worker.lanes.LaneLimit;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.Assignments;
import io.waybill.worker.partition.LedgerEntries;
import io.waybill.worker.partition.LedgerLoader;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import io.waybill.worker.partition.WorkLoop;
import io.waybill.worker.status.FilesInFlight;
import io.waybill.worker.status.StatusWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: it consumes transfer-work, delivers files and reports to file-events. The thread that runs the service
 * polls. A second thread commits, a third reads ledgers, a fourth reads controls. Each file in flight has a virtual thread.
 */
public final class TransferWorker implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TransferWorker.class);
    private static final String NAME = "transfer-worker";

    /** How long files in flight may take to end when the worker fails. After that the next owner starts them again. */
    private static final Duration LAST_CHANCE = Duration.ofSeconds(3);

    private final WaybillConfig config;
    private final WorkerSettings settings;
    private final Topics topics;
    private final Supplier<? extends ObjectReader> sources;
    private final Supplier<? extends Connector> connectors;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final WorkerTestHooks hooks;
    private final WorkerClients clients;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Pause pause = Pause.until(stopping);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile Health health = Health.starting("not started");

    /**
     * @param config     was read with {@link WorkerSettings#SECTION}
     * @param sources    makes the reader of objects when the service runs; the service closes it
     * @param connectors makes the connector to destinations when the service runs; the service closes it
     */
    public TransferWorker(
            WaybillConfig config,
            Topics topics,
            Supplier<? extends ObjectReader> sources,
            Supplier<? extends Connector> connectors,
            WorkerMetrics metrics,
            ProcessClock time) {
        this(config, topics, sources, connectors, metrics, time, WorkerTestHooks.NONE);
    }

    /** A worker for a test or a measurement; see {@link WorkerTestHooks}. */
    public TransferWorker(
            WaybillConfig config,
            Topics topics,
            Supplier<? extends ObjectReader> sources,
            Supplier<? extends Connector> connectors,
            WorkerMetrics metrics,
            ProcessClock time,
            WorkerTestHooks hooks) {
        this.config = config;
        this.settings = config.of(WorkerSettings.SECTION);
        this.topics = topics;
        this.sources = sources;
        this.connectors = connectors;
        this.metrics = metrics;
        this.time = time;
        this.clients = new WorkerClients(config);
        this.hooks = hooks;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run() throws Exception {
        var closing = new Closing();
        try {
            run(closing);
        } finally {
            closing.close();
            Throwable cause = failure.get();
            health = Health.down(cause == null ? "stopped" : cause.toString());
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException(NAME + " stopped: " + cause, cause);
        }
    }

    private void run(Closing closing) throws InterruptedException {
        var releases = new ReleaseSender(topics, settings.id(), time);
        var source = new GuardedSource(closing.add(sources.get()), metrics, time, releases::reached);
        var connector = closing.add(connectors.get());
        var ours = new AtomicReference<Predicate<Lane>>(_ -> false);
        var connections = closing.add(
                new ConnectionPool(connector, metrics, time, lane -> ours.get().test(lane), releases::reached));
        Admin admin = closing.add(clients.admin());
        Consumer<byte[], byte[]> ledger = closing.add(clients.ledgerConsumer());
        WrittenSchemas.await(
                topics,
                () -> stopping.getCount() == 0,
                pause,
                why -> health = Health.starting("waiting for the schema registry: " + why));
        health = Health.starting("looking at the cluster");
        var facts = new AdminFacts(admin, topics, clients.group());
        Home home = home(facts);
        var delivery = new DestinationDelivery(config.destinations(), source, connections, metrics, time);
        // Closed when the parts are wound up, after the files in flight.
        Consumer<byte[], byte[]> consumer = clients.consumer();
        metrics.reads(consumer);
        var parts = new Assembly(home, facts, admin, ledger, consumer, delivery, source, connections, releases);
        ours.set(lane -> parts.assignments.ownership().has(lane));
        parts.start();
        health = Health.starting("reading controls");
        while (stopping.getCount() > 0 && !parts.controls.awaitRead(Assembly.SLICE)) {
            // No work begins before the worker knows which work is no longer wanted.
        }
        health = Health.starting("joining the group");
        try {
            consumer.subscribe(List.of(topics.transferWork().name()), parts.assignments);
            while (stopping.getCount() > 0) {
                parts.loop.turn();
                connections.closeIdle();
                parts.truncator.truncate();
                health = Health.UP;
            }
            if (failure.get() == null) {
                parts.drain();
            }
        } finally {
            parts.windUp();
        }
    }

    /** Asks until the brokers know the topic. A topic that was created a moment ago may not be known to every broker. */
    private Home home(ClusterFacts facts) throws InterruptedException {
        for (int tries = 0;; tries++) {
            try {
                return facts.home();
            } catch (UnknownTopicOrPartitionException e) {
                if (tries == 50 || stopping.await(200, TimeUnit.MILLISECONDS)) {
                    throw e;
                }
            }
        }
    }

    /** The connected parts of a running worker. */
    private final class Assembly implements Assignments.Owner {
        private static final Duration SLICE = Duration.ofMillis(100);

        private final Home home;
        private final Consumer<byte[], byte[]> ledgerConsumer;
        private final Consumer<byte[], byte[]> consumer;
        private final ConnectionPool connections;
        private final ReleaseSender releases;
        private final LaneScheduler scheduler = new LaneScheduler(
                new LaneLimit(config.destinations()),
                threads(),
                (lane, path) -> folding(lane.destination()).fold(path));
        private final UnresolvedIntents unresolved = new UnresolvedIntents(time);
        private final LedgerLoader loader;
        private final Assignments assignments;
        private final Committer committer;
        private final WorkLoop loop;
        private final StagingCleaner cleaner;
        private final ControlsReader controls;
        private final IndexSweeper sweeper;
        private final StatusWriter status;
        private final PositionCommitter positions;
        private final WorkTopicTruncator truncator;
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean windingUp;
        private Duration lastChance = LAST_CHANCE;

        Assembly(
                Home home,
                ClusterFacts facts,
                Admin admin,
                Consumer<byte[], byte[]> ledgerConsumer,
                Consumer<byte[], byte[]> consumer,
                Deliverer deliverer,
                GuardedSource source,
                ConnectionPool connections,
                ReleaseSender releases) {
            this.home = home;
            this.ledgerConsumer = ledgerConsumer;
            this.consumer = consumer;
            this.connections = connections;
            this.releases = releases;
            loader = new LedgerLoader(LedgerReading.withIndex(ledgerConsumer, topics, facts, time)::read);
            assignments = new Assignments(consumer, consumer.groupMetadata(), loader, this, metrics, time);
            committer = new Committer(
                    new Transactor(
                            number -> hooks.producers().apply(clients.producer(number)),
                            new LedgerRecords(topics, home),
                            () -> windingUp,
                            clients.fencing(time)),
                    assignments::ownership,
                    () -> loopOf().requestBeginAgain(),
                    settings.commitLinger(),
                    metrics,
                    time);
            cleaner = new StagingCleaner(deliverer, scheduler, committer::post, time);
            sweeper = new IndexSweeper(committer::post, time);
            var withdrawn = new WithdrawnWork();
            var halted = new HaltedWork(Halts.of(config), releases::due, time);
            controls = new ControlsReader(
                    clients::controlsConsumer,
                    clients::ends,
                    topics.controls(),
                    new HeardControls(settings.id(), withdrawn, halted, connections, source, releases),
                    pause);
            var inFlight = new FilesInFlight(time);
            status = new StatusWriter(
                    settings.id(),
                    config.destinations(),
                    topics.workerStatus(),
                    connections::states,
                    inFlight,
                    clients::statusProducer,
                    task -> Thread.ofVirtual().name(NAME + "-status").start(task),
                    metrics,
                    time);
            var reporting = new Reporting(
                    topics,
                    deliverer,
                    committer::post,
                    unresolved::add,
                    hooks.protocol(),
                    settings.id(),
                    metrics,
                    inFlight,
                    time);
            var executions = new Executions(reporting, new Judge(withdrawn, halted, source::current), cleaner);
            var items = new WorkItems(topics, scheduler, executions, committer::post, time);
            loop = new WorkLoop(consumer, assignments, items, () -> handOut(items, halted), pause);
            truncator = new WorkTopicTruncator(
                    (partition, before) -> admin.deleteRecords(
                            Map.of(partition, RecordsToDelete.beforeOffset(before)))
                            .all()
                            .toCompletionStage(),
                    assignments::all,
                    time);
            positions = new PositionCommitter(committer::post, time);
        }

        private void handOut(WorkItems items, HaltedWork halted) {
            halted.handOut();
            unresolved.handOut(items::resolve);
            cleaner.handOut(assignments.all());
            sweeper.handOut(assignments.all());
            positions.handOut(assignments.all());
            releases.handOut(clients::writeApart);
            status.handOut();
        }

        private WorkLoop loopOf() {
            return loop;
        }

        void start() {
            threads.add(Thread.ofPlatform().name(NAME + "-committer").start(() -> guarded(committer::run)));
            threads.add(Thread.ofPlatform()
                    .name(NAME + "-ledger")
                    .start(() -> guarded(() -> loader.run(() -> windingUp))));
            threads.add(Thread.ofPlatform()
                    .name(NAME + "-controls")
                    .start(() -> guarded(() -> controls.run(() -> windingUp))));
        }

        @Override
        public PartitionProgress take(TopicPartition partition, LedgerView view) {
            LedgerMark.Position position = view.position().orElseThrow();
            var progress = new PartitionProgress(
                    partition,
                    position.next(),
                    position.done(),
                    new LedgerEntries(view.marks(), view.index(), TransferWorker.this::folding),
                    StagingTokens.of(home, partition.partition()),
                    settings.span());
            view.prepared().forEach(intent -> unresolved.add(intent, progress));
            // The worker before may have put files off for a place that it did not know.
            releases.tookOver(config);
            return progress;
        }

        @Override
        public boolean settle(Duration patience) {
            return committer.settle(patience);
        }

        @Override
        public void leave(PartitionProgress progress) {
            progress.lanes().forEach(connections::breakOff);
        }

        /**
         * Begins no more files, and lets those in flight end that can do so in time. The worker stays in the group meanwhile,
         * because they can be committed only by the owner of their partitions.
         */
        void drain() throws InterruptedException {
            long latest = time.after(config.shutdown().files());
            assignments.drain(() -> time.until(latest));
            if (!scheduler.stop(Duration.ZERO)) {
                LOG.atInfo()
                        .addKeyValue("seconds", config.shutdown().files().toMillis() / 1000.0)
                        .log("The worker begins no more files, and waits for those in flight");
            }
            while (!scheduler.stop(SLICE) && !time.isOver(latest)) {
                loop.stay();
                status.handOut();
            }
            lastChance = Duration.ZERO;
        }

        void windUp() throws InterruptedException {
            windingUp = true;
            ledgerConsumer.wakeup();
            controls.wakeup();
            if (!scheduler.stop(lastChance)) {
                LOG.atInfo().log("The worker leaves files in flight to the next owner of their partitions");
            }
            // Leaving the group hands the partitions over, and that commits finished files. So the committer stops last.
            consumer.close();
            committer.stop();
            status.close();
            for (Thread thread : threads) {
                if (!thread.join(Assignments.HANDING_OVER)) {
                    LOG.atWarn().addKeyValue("thread", thread.getName()).log("A thread did not end in time");
                }
            }
        }
    }

    private NameFolding folding(DestinationName name) {
        DestinationConfig destination = config.destinations().get(name);
        return destination == null ? NameFolding.NONE : destination.foldNames();
    }

    private Executor threads() {
        var factory = Thread.ofVirtual().name("delivery-", 1).factory();
        return task -> factory.newThread(() -> guarded(task::run)).start();
    }

    /** An error that a thread of the worker cannot explain stops the worker. */
    private void guarded(Task task) {
        try {
            task.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopWith(e);
        } catch (RuntimeException | Error e) {
            stopWith(e);
        }
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private void stopWith(Throwable cause) {
        if (stopping.getCount() > 0) {
            failure.compareAndSet(null, cause);
            stopping.countDown();
        }
    }

    @Override
    public Health check() {
        return health;
    }

    @Override
    public void close() {
        stopping.countDown();
    }
}
