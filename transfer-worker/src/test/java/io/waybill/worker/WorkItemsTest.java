package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class WorkItemsTest {
    private static final Receipt RECEIPT =
            new Receipt(new RemotePath("/a"), 1, "00", Proof.SIZE, DestinationClass.A, Duration.ZERO);

    private final Topics topics = Topics.from(
            new TopicSettings("waybill.", 3, 3, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final TransferWork work = Works.deliver(Works.object("a", new byte[1]), "/a");
    private final PartitionProgress progress = new PartitionProgress(new TopicPartition("waybill.transfer-work", 0));
    private final List<Report> reports = new ArrayList<>();

    @Test
    void shouldReportTheBeginningAndTheDelivery() {
        handle((_, _, _) -> new Outcome.Delivered(RECEIPT), record("acme#1", work));

        assertThat(events().getFirst())
                .isInstanceOfSatisfying(FileEvent.Started.class, s -> assertThat(s.by()).isEqualTo("worker-1"));
        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Completed.class, c -> assertThat(c.receipt()).isEqualTo(RECEIPT));
        assertThat(reports).extracting(Report::finished).containsExactly(OptionalLong.empty(), OptionalLong.of(7));
    }

    @Test
    void shouldReportAFailure() {
        var failure = new Failure(FailureKind.FORBIDDEN, "no");

        handle((_, _, _) -> new Outcome.NotDelivered(failure), record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Failed.class, f -> assertThat(f.failure()).isEqualTo(failure));
    }

    @Test
    void shouldReportAFaultOfItsOwnAsAFailureOfTheFile() {
        handle(
                (_, _, _) -> {
                    throw new IllegalStateException("a bug");
                },
                record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Failed.class,
                        f -> assertThat(f.failure())
                                .isEqualTo(new Failure(
                                        FailureKind.INTERNAL, "java.lang.IllegalStateException: a bug")));
    }

    @Test
    void shouldNotBeginWhatIsSomebodyElses() {
        progress.end();

        handle((_, _, _) -> new Outcome.Delivered(RECEIPT), record("acme#1", work));

        assertThat(reports).isEmpty();
    }

    @Test
    void shouldSayNothingMoreOfDroppedWork() {
        handle((_, _, _) -> new Outcome.Dropped(), record("acme#1", work));

        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().finished()).isEmpty();
    }

    @Test
    void shouldMakeADeadLetterOfWhatCannotBeRead() {
        handle((_, _, _) -> new Outcome.Delivered(RECEIPT), new ConsumerRecord<>(
                "waybill.transfer-work", 0, 7, ascii("acme#1"), ascii("no avro")));
        handle((_, _, _) -> new Outcome.Delivered(RECEIPT), record("not a lane", work));

        assertThat(reports).extracting(Report::finished).containsOnly(OptionalLong.of(7));
        assertThat(reports)
                .extracting(r -> topics.deadLetters().value().deserializer()
                        .deserialize(r.record().topic(), r.record().value()))
                .hasOnlyElementsOfType(DeadLetter.Poison.class)
                .first()
                .satisfies(letter -> {
                    var poison = (DeadLetter.Poison) letter;
                    assertThat(poison.origin()).isEqualTo("waybill.transfer-work-0@7");
                    assertThat(poison.value()).isEqualTo(ascii("no avro"));
                });
    }

    private void handle(Carrier carrier, ConsumerRecord<byte[], byte[]> record) {
        var lanes = new Lanes(_ -> 1, Runnable::run);
        new WorkItems(
                topics,
                lanes,
                carrier,
                reports::add,
                "worker-1",
                WorkerMetrics.NONE,
                InstantSource.fixed(Instant.EPOCH))
                .handle(record, progress);
    }

    private List<FileEvent> events() {
        return reports.stream()
                .map(r -> topics.fileEvents().value().deserializer().deserialize(
                        r.record().topic(), r.record().value()))
                .toList();
    }

    private ConsumerRecord<byte[], byte[]> record(String key, TransferWork value) {
        return new ConsumerRecord<>(
                topics.transferWork().name(),
                0,
                7,
                ascii(key),
                topics.transferWork().value().serializer().serialize(topics.transferWork().name(), value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
