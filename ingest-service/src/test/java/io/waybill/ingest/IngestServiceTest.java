package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IngestServiceTest {
    private static final Topics TOPICS = Fixture.topics();
    private static final TopicPartition FIRST = new TopicPartition("waybill.s3-notifications", 0);
    private static final TopicPartition SECOND = new TopicPartition("waybill.s3-notifications", 1);
    private static final Lookups.Policy BRISK =
            new Lookups.Policy(8, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)));

    private final FakeCatalog store = new FakeCatalog();
    private final Cluster cluster = new Cluster();
    private final List<BatchCounts> batches = new CopyOnWriteArrayList<>();
    private final IngestService service = new IngestService(
            cluster,
            () -> store,
            BRISK,
            List.of(Fixture.route("all", "")),
            TOPICS,
            new IngestMetrics() {
                @Override
                public void committed(BatchCounts counts) {
                    batches.add(counts);
                }

                @Override
                public void waiting(boolean forStore) {}
            },
            ProcessClock.of(InstantSource.fixed(Fixture.NOW), () -> 0));
    private final FutureTask<Void> ended = new FutureTask<>(() -> {
        service.run();
        return null;
    });

    @AfterEach
    void stop() {
        service.close();
        eventually(ended::isDone);
        assertThat(store.closed).isTrue();
        assertThat(cluster.consumer.closed()).isTrue();
    }

    @Test
    void shouldPublishAnArrivalAndWhereToGoOnInOneTransaction() {
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv", "b.csv"));
        cluster.send(SECOND, 0, Notifications.created("c.csv"));
        until(() -> cluster.committed(FIRST) == 1 && cluster.committed(SECOND) == 1);
        assertThat(cluster.arrivals()).containsExactlyInAnyOrder("a.csv", "b.csv", "c.csv");
        until(() -> batches.stream().mapToInt(BatchCounts::events).sum() == 3);
        assertThat(service.check()).isEqualTo(Health.UP);
    }

    @Test
    void shouldGoPastRecordsThatBringNothing() {
        start();
        cluster.send(FIRST, 0, Notifications.resource("aws-test-event.json"));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(cluster.arrivals()).isEmpty();
    }

    @Test
    void shouldSetGarbageAsideAndGoOn() {
        start();
        cluster.send(FIRST, 0, "garbage".getBytes(StandardCharsets.UTF_8));
        cluster.send(FIRST, 1, Notifications.created("a.csv"));
        until(() -> cluster.committed(FIRST) == 2);
        assertThat(cluster.written("waybill.dead-letters")).isEqualTo(1);
        assertThat(cluster.arrivals()).containsExactly("a.csv");
    }

    @Test
    void shouldKeepItsPartitionsAndLoseNothingWhileTheStoreForbids() {
        store.forbidden.add("a.csv");
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> service.check().detail().contains("403 for a.csv"));
        assertThat(service.check().state()).isEqualTo(Health.State.UP);
        assertThat(cluster.consumer.paused()).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(cluster.committed(FIRST)).isZero();

        store.forbidden.clear();
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(cluster.arrivals()).containsExactly("a.csv");
        until(() -> cluster.consumer.paused().isEmpty());
        until(() -> service.check().equals(Health.UP));
    }

    @Test
    void shouldLeaveALostPartitionToItsNextOwner() {
        store.forbidden.add("a.csv");
        start();
        cluster.consumer.schedulePollTask(() -> {
            cluster.consumer.addRecord(Fixture.record(FIRST.partition(), 0, Notifications.created("a.csv")));
            cluster.consumer.addRecord(Fixture.record(SECOND.partition(), 0, Notifications.created("b.csv")));
        });
        until(() -> !service.check().detail().isEmpty());
        cluster.consumer.schedulePollTask(() -> cluster.consumer.rebalance(List.of(SECOND)));
        until(() -> cluster.consumer.assignment().equals(Set.of(SECOND)));
        store.forbidden.clear();
        until(() -> cluster.committed(SECOND) == 1);
        assertThat(cluster.committed(FIRST)).isZero();
        assertThat(cluster.arrivals()).containsExactly("b.csv");
    }

    @Test
    void shouldReadABatchAgainThatTheGroupRefused() {
        cluster.refusals.add(new CommitFailedException());
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> cluster.producers.getFirst().transactionAborted());
        assertThat(cluster.committed(FIRST)).isZero();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> cluster.committed(FIRST) == 1);
        assertThat(cluster.arrivals()).containsExactly("a.csv");
    }

    @Test
    void shouldStopWhenSomebodyMustGrantARight() {
        cluster.refusals.add(new TopicAuthorizationException("no right to write"));
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        eventually(ended::isDone);
        assertThat(ended.exceptionNow()).isInstanceOf(TopicAuthorizationException.class);
        assertThat(service.check().state()).isEqualTo(Health.State.DOWN);
    }

    @Test
    void shouldStopWhileItWaitsForTheStore() throws InterruptedException, ExecutionException {
        store.forbidden.add("a.csv");
        start();
        cluster.send(FIRST, 0, Notifications.created("a.csv"));
        until(() -> !service.check().detail().isEmpty());
        service.close();
        ended.get();
        assertThat(cluster.committed(FIRST)).isZero();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(condition);
    }

    /** Waits for a condition, or for the end of the service, which is then as good as it gets. */
    private void until(BooleanSupplier condition) {
        eventually(() -> condition.getAsBoolean() || ended.isDone());
        assertThat(condition.getAsBoolean())
                .withFailMessage(() -> "the service ended first: " + ended)
                .isTrue();
    }

    private void start() {
        assertThat(service.check().state()).isEqualTo(Health.State.STARTING);
        Thread.ofPlatform().name(service.name()).start(ended);
        until(() -> service.check().equals(Health.UP));
    }

    /** A group of one member over two partitions, and the log of what it committed. */
    private static final class Cluster implements KafkaClients {
        final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
        final List<RuntimeException> refusals = new CopyOnWriteArrayList<>();

        Cluster() {
            consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
            consumer.schedulePollTask(() -> consumer.rebalance(List.of(FIRST, SECOND)));
        }

        @Override
        public FencingGuard fencing(ProcessClock clock) {
            return new FencingGuard("streams.instanceId", "waybill-1", Duration.ofSeconds(10), clock);
        }

        @Override
        public Consumer<byte[], byte[]> consumer() {
            return consumer;
        }

        @Override
        public Producer<byte[], byte[]> producer() {
            var producer =
                    new MockProducer<byte[], byte[]>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                        @Override
                        public void sendOffsetsToTransaction(
                                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
                            if (!refusals.isEmpty()) {
                                throw refusals.removeFirst();
                            }
                            super.sendOffsetsToTransaction(offsets, metadata);
                        }
                    };
            producers.add(producer);
            return producer;
        }

        void send(TopicPartition partition, long offset, byte[] value) {
            consumer.schedulePollTask(
                    () -> consumer.addRecord(Fixture.record(partition.partition(), offset, value)));
        }

        /** Where the group stands in a partition; 0 where nothing was committed. */
        long committed(TopicPartition partition) {
            return producers.stream()
                    .flatMap(producer -> producer.consumerGroupOffsetsHistory().stream())
                    .flatMap(groups -> groups.values().stream())
                    .filter(offsets -> offsets.containsKey(partition))
                    .mapToLong(offsets -> offsets.get(partition).offset())
                    .max()
                    .orElse(0);
        }

        long written(String topic) {
            return producers.stream()
                    .flatMap(producer -> producer.history().stream())
                    .filter(record -> record.topic().equals(topic))
                    .count();
        }

        List<String> arrivals() {
            return producers.stream()
                    .flatMap(producer -> new ArrayList<>(producer.history()).stream())
                    .filter(record -> record.topic().equals(TOPICS.fileEvents().name()))
                    .map(record -> (Arrived) Fixture.value(TOPICS.fileEvents(), record))
                    .map(Arrived::source)
                    .map(SourceObject::key)
                    .collect(Collectors.toList());
        }
    }
}
