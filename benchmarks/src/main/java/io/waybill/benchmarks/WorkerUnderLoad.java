package io.waybill.benchmarks;

import static java.util.Objects.requireNonNull;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.Lane;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.sftp.SftpConnector;
import io.waybill.store.ObjectReader;
import io.waybill.testkit.OpenSshServer;
import io.waybill.worker.TransferWorker;
import io.waybill.worker.WorkerSettings;
import io.waybill.worker.WorkerTestHooks;
import io.waybill.worker.delivery.PublishProtocol;
import io.waybill.worker.metrics.WorkerMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A transfer-worker that is fed by rounds and takes the time of each. */
final class WorkerUnderLoad implements AutoCloseable {
    private static final long LIMIT_SECONDS = 180;
    private static final ProcessClock CLOCK = ProcessClock.system();
    private static final DestinationName DESTINATION = new DestinationName("openssh");
    private static final RouteName ROUTE = new RouteName("small");

    private final WaybillConfig config;
    private final Topics topics;
    private final int lanes;
    private final int size;
    private final TransferWorker worker;
    private final Thread thread;
    private final Producer<byte[], byte[]> feeder;
    private final Path files;
    private final Rounds rounds;
    private int fed;

    private WorkerUnderLoad(WaybillConfig config, Topics topics, PublishProtocol protocol, int size, Path files) {
        this.config = config;
        this.topics = topics;
        this.size = size;
        this.files = files;
        this.lanes = requireNonNull(config.destinations().get(DESTINATION)).lanes();
        this.rounds = new Rounds();
        worker = new TransferWorker(
                config,
                topics,
                () -> new Memory(size),
                SftpConnector::new,
                rounds,
                CLOCK,
                new WorkerTestHooks(UnaryOperator.identity(), protocol));
        thread = Thread.ofPlatform().name(config.of(WorkerSettings.SECTION).id()).start(() -> {
            try {
                worker.run();
            } catch (Exception e) {
                rounds.failed(e);
            }
        });
        feeder = new KafkaProducer<>(
                new ClientSettings(config.kafka()).producer(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * @param prefix of all its topics, so that two workers do not meet
     */
    static WorkerUnderLoad start(
            BenchBroker broker, OpenSshServer server, String prefix, PublishProtocol protocol, int size)
            throws IOException {
        Path files = Files.createDirectories(server.files().resolve(prefix + "files"));
        WaybillConfig config = WaybillConfig.parse("benchmark", """
                kafka: { bootstrap.servers: "%s" }
                schema.registry.url: http://unused
                topics: { prefix: %s, replication: 1 }
                worker: { id: %s, span: 2000 }
                destinations:
                %s    maxConnections: 4
                    inFlight: 16
                """.formatted(broker.bootstrapServers(), prefix, prefix + "worker",
                server.destination().below(files).yaml("openssh")), Overrides.NONE, List.of(WorkerSettings.SECTION));
        Topics topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        try (var admin = Admin.create(new ClientSettings(config.kafka()).admin())) {
            var _ = new TopicCatalog(admin, config.topics().replication()).createOrCheck(topics);
        }
        return new WorkerUnderLoad(config, topics, protocol, size, files);
    }

    /** Feeds so many files, and returns how many of them were delivered in a second. */
    double filesPerSecond(int count) throws IOException, InterruptedException {
        rounds.begin(count);
        for (int i = 0; i < count; i++) {
            var _ = feeder.send(work(fed++));
        }
        feeder.flush();
        double seconds = rounds.await();
        Trees.delete(files);
        Files.createDirectories(files);
        return count / seconds;
    }

    /** How long a new owner of all partitions needs to read their ledgers, in milliseconds. */
    double ledgerReadMillis() {
        var settings = new ClientSettings(config.kafka());
        var bytes = new ByteArrayDeserializer();
        try (var admin = Admin.create(settings.admin());
                var consumer = new KafkaConsumer<>(settings.consumer(), bytes, bytes)) {
            var facts = new AdminFacts(admin, topics, config.topics().workerGroup());
            var reading = new LedgerReading(consumer, topics, facts, CLOCK);
            Instant start = CLOCK.instant();
            Set<Integer> all = IntStream.range(0, config.topics().workPartitions())
                    .boxed()
                    .collect(Collectors.toSet());
            if (reading.read(all).values().stream().anyMatch(view -> view.hold().isPresent())) {
                throw new IllegalStateException("a partition is on hold");
            }
            return Duration.between(start, CLOCK.instant()).toNanos() / 1e6;
        }
    }

    private ProducerRecord<byte[], byte[]> work(int number) {
        var source = new SourceObject("bench", "object-" + number, null, "etag-" + number, size, Instant.EPOCH);
        var path = new RemotePath("/file-" + number);
        var work = new TransferWork(
                FileId.of(ROUTE, source.bucket(), source.key(), source.version()),
                ROUTE,
                Attempt.FIRST,
                source,
                new Target(DESTINATION, path),
                ConflictPolicy.REPLACE,
                Proof.SIZE,
                false);
        return topics.transferWork().record(Lane.of(DESTINATION, path, lanes).key(), work);
    }

    @Override
    public void close() {
        worker.close();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        feeder.close();
    }

    /** From the first start of a round to its last delivery. */
    private static final class Rounds implements WorkerMetrics {
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final AtomicReference<@Nullable Instant> began = new AtomicReference<>();
        private volatile CountDownLatch open = new CountDownLatch(0);

        void begin(int count) {
            began.set(null);
            open = new CountDownLatch(count);
        }

        @Override
        public void started(DestinationName destination) {
            began.compareAndSet(null, CLOCK.instant());
        }

        @Override
        public void delivered(DestinationName destination) {
            open.countDown();
        }

        @Override
        public void failed(DestinationName destination, FailureKind kind) {
            failed(new IOException("a file failed with " + kind));
        }

        void failed(Throwable cause) {
            failure.compareAndSet(null, cause);
            while (open.getCount() > 0) {
                open.countDown();
            }
        }

        double await() throws IOException, InterruptedException {
            boolean all = open.await(LIMIT_SECONDS, TimeUnit.SECONDS);
            Throwable cause = failure.get();
            Instant start = began.get();
            if (!all || cause != null || start == null) {
                throw new IOException("the round was not finished, " + open.getCount() + " files are open", cause);
            }
            return Duration.between(start, CLOCK.instant()).toNanos() / 1e9;
        }
    }

    /** A store that has every object, all with the same bytes. */
    private static final class Memory implements ObjectReader {
        private final byte[] content;

        Memory(int size) {
            content = new byte[size];
            new SplittableRandom(1).nextBytes(content);
        }

        @Override
        public InputStream open(SourceObject object) {
            return new ByteArrayInputStream(content);
        }

        @Override
        public void close() {
            // Holds nothing but memory.
        }
    }
}
