package io.waybill.worker.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Milestone;
import io.waybill.domain.live.BreakerState;
import io.waybill.domain.live.DestinationStatus;
import io.waybill.domain.live.FileInFlight;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.connections.ConnectionState;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker says, and when, by a clock and a Kafka that the test drives. */
final class StatusWriterTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(StatusWriter.class);

    private static final DestinationName ACME = new DestinationName("acme");

    private final HandClock time = new HandClock();
    private final Topic<String, WorkerStatus> topic = Topics.from(
            new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry())).workerStatus();
    private final FilesInFlight files = new FilesInFlight(time);
    private final List<ConnectionState> states = new ArrayList<>();
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final List<Integer> lost = new ArrayList<>();
    private boolean takes = true;
    private int seen;
    private int of;
    private final StatusWriter writer = new StatusWriter(
            "worker-1", Map.of(), topic, () -> states, files, this::producer, Runnable::run, new WorkerMetrics() {
                @Override
                public void statusLost(int entries) {
                    lost.add(entries);
                }
            }, time);

    private Producer<byte[], byte[]> producer() {
        var made = new MockProducer<>(takes, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(made);
        return made;
    }

    private MockProducer<byte[], byte[]> newest() {
        return producers.getLast();
    }

    /** What is written at the next moment; null for a tombstone. */
    private Map<String, Optional<WorkerStatus>> written() {
        seen();
        time.pass(Duration.ofSeconds(2));
        writer.handOut();
        return fresh();
    }

    private void seen() {
        seen = producers.isEmpty() ? 0 : newest().history().size();
        of = producers.size();
    }

    private Map<String, Optional<WorkerStatus>> fresh() {
        var written = new LinkedHashMap<String, Optional<WorkerStatus>>();
        List<ProducerRecord<byte[], byte[]>> history = newest().history();
        for (ProducerRecord<byte[], byte[]> record : history.subList(producers.size() == of ? seen : 0,
                history.size())) {
            written.put(
                    topic.key().deserializer().deserialize("", record.key()),
                    Optional.ofNullable(topic.value().deserializer().deserialize("", record.value())));
        }
        return written;
    }

    private @Nullable DestinationStatus acme() {
        Optional<WorkerStatus> status = written().get("acme#worker-1");
        return status == null ? null : status.orElseThrow().destination();
    }

    private static ConnectionState connected(int open, Optional<ConnectionState.Outage> outage) {
        return new ConnectionState(
                ACME, open, outage, Optional.empty(), Optional.of("SHA256:x"),
                open == 0 ? Optional.empty() : Optional.of(DestinationClass.ATOMIC));
    }

    @Test
    void shouldGiveASignOfLifeEveryTenSecondsAndSayNothingElseWhileNothingHappens() {
        assertThat(written()).containsOnlyKeys("#worker-1");
        states.add(connected(1, Optional.empty()));
        assertThat(written()).containsOnlyKeys("acme#worker-1");
        int records = 0;
        for (int i = 0; i < 50; i++) {
            records += written().size();
        }
        assertThat(records).as("in 100 seconds").isEqualTo(10);
    }

    @Test
    void shouldSayNothingMoreOftenThanEveryTwoSeconds() {
        FileProgress progress = files.began(work("big", 1_000));
        written();
        seen();
        time.pass(Duration.ofMillis(1_900));
        progress.acknowledged(10);
        writer.handOut();

        assertThat(fresh()).isEmpty();
    }

    @Test
    void shouldShowAFileGrowWithItsRateUntilItsEnd() {
        FileProgress progress = files.began(work("big", 1_000_000));
        assertThat(only(acme())).satisfies(file -> {
            assertThat(file.step()).isEqualTo("RECEIVED");
            assertThat(file.done()).isZero();
            assertThat(file.size()).isEqualTo(1_000_000);
            assertThat(file.name()).isEqualTo("big");
        });
        progress.reached(Milestone.CONNECTED);
        progress.acknowledged(400_000);
        assertThat(only(acme()).bytesPerSecond()).as("what an earlier attempt left was not sent now").isZero();

        progress.acknowledged(600_000);
        DestinationStatus status = acme();
        assertThat(only(status)).satisfies(file -> {
            assertThat(file.done()).isEqualTo(600_000);
            assertThat(file.bytesPerSecond()).isEqualTo(100_000);
            assertThat(file.step()).isEqualTo("CONNECTED");
        });
        assertThat(Objects.requireNonNull(status).bytesPerSecond()).isEqualTo(100_000);

        files.ended(progress);
        assertThat(acme()).satisfies(last -> assertThat(last.files()).isEmpty());
        assertThat(acme()).as("it was said once that nothing is under way").isNull();
    }

    private static FileInFlight only(@Nullable DestinationStatus status) {
        return Objects.requireNonNull(status).files().getFirst();
    }

    private static io.waybill.domain.TransferWork work(String name, int size) {
        return Works.deliver(Works.object(name, new byte[size]), "/in/" + name);
    }

    @Test
    void shouldListTheLargestFilesAndSayHowManyMoreThereAre() {
        for (int i = 0; i < 40; i++) {
            files.began(work("file-" + i, i + 1));
        }

        DestinationStatus status = Objects.requireNonNull(acme());

        assertThat(status.files()).hasSize(DestinationStatus.MOST_FILES);
        assertThat(status.files().getFirst().size()).isEqualTo(40);
        assertThat(status.moreFiles()).isEqualTo(8);
        assertThat(status.inFlight()).isEqualTo(40);
    }

    @Test
    void shouldSayOnceThatADestinationIsDownAndOnceThatItIsUp() {
        var failure = new Failure(FailureKind.UNREACHABLE, "connection refused");
        var since = time.instant();
        states.add(connected(0, Optional.of(new ConnectionState.Outage(since, failure, since.plusSeconds(60), false))));

        assertThat(acme()).satisfies(status -> {
            assertThat(status.breaker()).isEqualTo(BreakerState.OPEN);
            assertThat(status.outage()).isEqualTo(new DestinationStatus.Outage(
                    since, "UNREACHABLE", "connection refused", since.plusSeconds(60)));
        });
        states.set(0, connected(0, Optional.of(
                new ConnectionState.Outage(since, failure, since.plusSeconds(60).plusMillis(3), false))));
        assertThat(acme()).as("the same try, computed anew").isNull();

        states.set(0, connected(1, Optional.of(
                new ConnectionState.Outage(since, failure, since.plusSeconds(60), true))));
        assertThat(acme()).satisfies(status -> assertThat(status.breaker()).isEqualTo(BreakerState.LIMITED));

        states.set(0, connected(1, Optional.empty()));
        assertThat(acme()).satisfies(status -> {
            assertThat(status.breaker()).isEqualTo(BreakerState.CLOSED);
            assertThat(status.promised()).isEqualTo("B");
        });
        states.set(0, connected(0, Optional.empty()));
        assertThat(acme()).satisfies(status -> assertThat(status.promised()).as("is remembered").isEqualTo("B"));
    }

    @Test
    void shouldDropWhatKafkaDoesNotTakeAndSayEverythingAnewAfterwards() {
        takes = false;
        states.add(connected(1, Optional.empty()));
        assertThat(written()).containsOnlyKeys("#worker-1", "acme#worker-1");
        for (int i = 0; i < 20; i++) {
            assertThat(written()).as("Kafka has not taken the last ones").isEmpty();
        }

        newest().errorNext(new TimeoutException("no broker"));
        newest().errorNext(new TimeoutException("no broker"));

        assertThat(written()).containsOnlyKeys("#worker-1", "acme#worker-1");
        assertThat(lost).containsExactly(2);
        assertThat(producers).as("the fault passes by itself").hasSize(1);
        assertThat(warnings.lines()).isEmpty();
    }

    @Test
    void shouldSayOnceThatItMayNotWriteAndTryWithANewProducer() {
        takes = false;
        written();
        newest().errorNext(new TopicAuthorizationException("worker-status"));
        written();
        newest().errorNext(new TopicAuthorizationException("worker-status"));
        written();

        assertThat(producers).hasSize(3);
        assertThat(producers.getFirst().closed()).isTrue();
        assertThat(warnings.lines()).singleElement().asString().contains("it delivers all the same");
    }

    @Test
    void shouldNotFailWithAnybody() {
        written();
        newest().sendException = new IllegalStateException("a fault of the client");
        states.add(connected(1, Optional.empty()));

        assertThatNoException().isThrownBy(this::written);
        assertThat(written()).containsOnlyKeys("#worker-1", "acme#worker-1");
        assertThat(producers).hasSize(2);
        assertThat(warnings.lines()).hasSize(1);
    }

    @Test
    void shouldRemoveWhatItSaidWhenItEndsWell() {
        states.add(connected(1, Optional.empty()));
        written();
        seen();

        writer.close();

        assertThat(fresh()).containsOnlyKeys("#worker-1", "acme#worker-1");
        assertThat(fresh().values()).allMatch(Optional::isEmpty);
        assertThat(newest().closed()).isTrue();
    }
}
