package io.waybill.e2e;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Tells file-events of files that arrive, start and complete, some of it twice, until it is closed. */
final class FileStream implements AutoCloseable {
    private static final int BURST = 10;
    private static final Duration PACE = Duration.ofMillis(100);

    private final Topics topics;
    private final RouteName route;
    private final Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS); // allow clock: the broker compares it
    private final Queue<FileId> told = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;

    FileStream(String bootstrapServers, Topics topics, String route) {
        this.topics = topics;
        this.route = new RouteName(route);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread = Thread.ofPlatform().name("file-stream").start(this::run);
    }

    private void run() {
        try {
            for (int first = 0; !stopping.await(PACE.toMillis(), TimeUnit.MILLISECONDS); first += BURST) {
                for (int number = first; number < first + BURST; number++) {
                    tell(number);
                }
                producer.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(int number) {
        var source = new SourceObject("outbound", route + "/" + number, "v1", "e1", 42, at);
        FileId id = FileId.of(route, source.bucket(), source.key(), source.version());
        var arrived = new Arrived(id, at, route, source);
        var started = new Started(id, at, Stage.DELIVERY, Attempt.FIRST, "worker-1");
        var receipt = new Receipt(
                new RemotePath("/in/" + number), 42, "00".repeat(32), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
                Duration.ZERO);
        var completed = new Completed(id, at, Stage.DELIVERY, Attempt.FIRST, receipt);
        List<FileEvent> events = number % 5 == 0
                ? List.of(arrived, arrived, started, completed, started, completed)
                : List.of(arrived, started, completed);
        events.forEach(event -> {
            var _ = producer.send(topics.fileEvents().record(id, event));
        });
        told.add(id);
    }

    /** The files of which all has been told. */
    List<FileId> told() {
        return List.copyOf(told);
    }

    /** Ends it; all files of which all has been told. */
    List<FileId> stop() throws InterruptedException {
        stopping.countDown();
        thread.join();
        return told();
    }

    @Override
    public void close() {
        try {
            List<FileId> _ = stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            producer.close();
        }
    }
}
