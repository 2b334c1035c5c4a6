package io.waybill.worker;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Lane;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: consumes transfer-work, delivers, and reports to file-events. The thread that runs it polls; one more
 * commits; each file in flight has a virtual thread.
 */
public final class TransferWorker implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(TransferWorker.class);
    private static final String NAME = "transfer-worker";

    /** How long files in flight may take to end when the worker stops; the next owner begins them again. */
    private static final Duration LAST_CHANCE = Duration.ofSeconds(3);

    private final WaybillConfig config;
    private final Topics topics;
    private final Supplier<? extends SourceReader> sources;
    private final Supplier<? extends Connector> connectors;
    private final WorkerMetrics metrics;
    private final InstantSource time;
    private final Experiment experiment;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile Health health = Health.starting("not started");

    /**
     * @param sources    makes the reader of objects when the service runs; closed by it
     * @param connectors makes what connects to destinations when the service runs; closed by it
     */
    public TransferWorker(
            WaybillConfig config,
            Topics topics,
            Supplier<? extends SourceReader> sources,
            Supplier<? extends Connector> connectors,
            WorkerMetrics metrics,
            InstantSource time) {
        this(config, topics, sources, connectors, metrics, time, Experiment.NONE);
    }

    /** A worker that is not the product's; see {@link Experiment}. */
    public TransferWorker(
            WaybillConfig config,
            Topics topics,
            Supplier<? extends SourceReader> sources,
            Supplier<? extends Connector> connectors,
            WorkerMetrics metrics,
            InstantSource time,
            Experiment experiment) {
        this.config = config;
        this.topics = topics;
        this.sources = sources;
        this.connectors = connectors;
        this.metrics = metrics;
        this.time = time;
        this.experiment = experiment;
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
        var source = closing.add(sources.get());
        var connector = closing.add(connectors.get());
        var connections = closing.add(new LaneConnections(connector, metrics, time));
        var courier = new Courier(config.destinations(), source, connections, metrics, time);
        Consumer<byte[], byte[]> consumer = consumer();
        var assembly = new Assembly(consumer, courier);
        Thread committing = Thread.ofPlatform().name(NAME + "-committer").start(() -> guarded(assembly.committer::run));
        health = Health.starting("joining the group");
        try {
            consumer.subscribe(List.of(topics.transferWork().name()), assembly.assignments);
            while (stopping.getCount() > 0) {
                assembly.loop.turn();
                connections.closeIdle();
                health = Health.UP;
            }
        } finally {
            windUp(assembly, consumer, committing);
        }
    }

    private void windUp(Assembly assembly, Consumer<?, ?> consumer, Thread committing) throws InterruptedException {
        if (!assembly.lanes.stop(LAST_CHANCE)) {
            LOG.atInfo().log("Files in flight are left to the next owner of their partitions");
        }
        // Leaving the group hands the partitions over, which commits what is finished; so the committer goes last.
        consumer.close();
        assembly.committer.stop();
        if (!committing.join(Assignments.HANDING_OVER)) {
            LOG.atWarn().log("The committer did not end in time");
        }
    }

    /** The parts of a running worker, joined. */
    private final class Assembly {
        private final Lanes lanes;
        private final Assignments assignments;
        private final Committer committer;
        private final WorkLoop loop;

        Assembly(Consumer<byte[], byte[]> consumer, Carrier carrier) {
            lanes = new Lanes(TransferWorker.this::concurrency, threads());
            var transactor = new Transactor(TransferWorker.this::producer, () -> stopping.getCount() == 0);
            assignments = new Assignments(consumer, consumer.groupMetadata(), this::settle);
            committer = new Committer(
                    transactor,
                    assignments::ownership,
                    this::beginAgain,
                    config.worker().commitLinger(),
                    metrics,
                    time);
            var items = new WorkItems(topics, lanes, carrier, committer::post, config.worker().id(), metrics, time);
            loop = new WorkLoop(consumer, assignments, items, config.worker().span());
        }

        private boolean settle() {
            return committer.settle(Assignments.HANDING_OVER);
        }

        private void beginAgain() {
            loop.requestBeginAgain();
        }
    }

    private int concurrency(Lane lane) {
        Map<DestinationName, DestinationConfig> destinations = config.destinations();
        DestinationConfig destination = destinations.get(lane.destination());
        return destination == null ? 1 : destination.concurrencyPerLane();
    }

    private Executor threads() {
        var factory = Thread.ofVirtual().name("delivery-", 1).factory();
        return task -> factory.newThread(() -> guarded(task::run)).start();
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new ClientSettings(config.kafka()).consumer();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.topics().prefix() + NAME);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, config.worker().id());
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<byte[], byte[]> producer() {
        String transactionalId = config.topics().prefix() + NAME + "-" + config.worker().id();
        return experiment.producers().apply(new KafkaProducer<>(
                new ClientSettings(config.kafka()).transactionalProducer(transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    }

    /** Whatever a thread of the worker cannot explain stops the worker. */
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
