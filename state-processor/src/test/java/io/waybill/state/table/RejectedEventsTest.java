package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.runtime.streams.PoisonHandler;
import io.waybill.testkit.CaughtWarnings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Events that cannot be, and records that are none. */
final class RejectedEventsTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(RulesProcessor.class, PoisonHandler.class);

    private static final FileEvent.Arrived ARRIVED = arrived("invoices", "invoices/a.csv");
    private static final FileId ID = ARRIVED.id();

    private PipelineUnderTest pipeline;

    @BeforeEach
    void open(@TempDir Path directory) {
        pipeline = new PipelineUnderTest(directory);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldMakeADeadLetterOfAnEventThatIsRejected() {
        pipeline.told(new Started(ID, START, Stage.DELIVERY, Attempt.FIRST, "worker-1"));

        assertThat(pipeline.deadLetters()).singleElement().isInstanceOfSatisfying(DeadLetter.Poison.class, letter -> {
            assertThat(letter.reason()).contains("no file is known by this id");
            assertThat(letter.origin()).isEqualTo("waybill.file-events-0@0");
            assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo(ID.value());
            assertThat(letter.value()).isNotEmpty();
        });
        assertThat(pipeline.count("waybill.events.rejected", "event", "Started")).isOne();
    }

    /** It comes from an instance with a newer configuration. */
    @Test
    void shouldKeepAnArrivalOfARouteThatIsNotConfigured() {
        FileEvent.Arrived unheard = arrived("unheard", "x");
        pipeline.told(unheard);
        pipeline.passes(Duration.ofDays(3));

        assertThat(pipeline.deadLetters()).isEmpty();
        assertThat(pipeline.state(unheard.id()).status()).isEqualTo(Status.PENDING);
        assertThat(pipeline.state(unheard.id()).phase()).isInstanceOfSatisfying(Phase.Waiting.class, waiting -> {
            assertThat(waiting.reason().kind()).isEqualTo(FailureKind.UNKNOWN_DESTINATION);
            assertThat(waiting.reason().detail()).contains("'unheard'", "invoices");
        });
        assertThat(pipeline.work()).isEmpty();
    }

    @Test
    void shouldGiveUpAnArrivalOfARouteThatNeverIsConfigured() {
        FileEvent.Arrived unheard = arrived("unheard", "x");
        pipeline.told(unheard, new FileEvent.DeadlineReached(unheard.id(), START, DeadlineKind.RETRY_DUE, 1));
        assertThat(pipeline.state(unheard.id()).status()).isEqualTo(Status.PENDING);

        pipeline.told(new FileEvent.DeadlineReached(unheard.id(), START, DeadlineKind.UNCLAIMED, 1));

        assertThat(pipeline.state(unheard.id()).status()).isEqualTo(Status.TIMED_OUT);

        // Nobody knows whether importers would have to hear of it.
        pipeline.told(new FileEvent.RedriveRequested(unheard.id(), START, 1, "ann", "again"));
        assertThat(pipeline.state(unheard.id()).status()).isEqualTo(Status.TIMED_OUT);
        assertThat(pipeline.ready()).isEmpty();
    }

    /** Whatever a writer puts into a text, nothing that is written because of it is too large for a record. */
    @Test
    void shouldFitWhateverAnEventSaysIntoRecords() {
        String endless = "\u0001".repeat(200_000);
        pipeline.told(
                ARRIVED,
                new Started(ID, START, Stage.DELIVERY, Attempt.FIRST, endless),
                new FileEvent.Deferred(
                        ID, START, Stage.DELIVERY, Attempt.FIRST, START.plusSeconds(9),
                        new Failure(FailureKind.UNREACHABLE, endless)),
                new FileEvent.DeadlineReached(
                        ID, START, DeadlineKind.RETRY_DUE, 3, new FileEvent.DeadlineReached.Asked(endless, endless)),
                new FileEvent.Failed(
                        ID, START, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.FORBIDDEN, endless)),
                new FileEvent.RedriveRequested(ID, START, 1, endless, endless),
                new FileEvent.CancelRequested(ID, START, 2, endless, endless));

        assertThat(pipeline.state(ID).version()).isEqualTo(7);
        assertThat(pipeline.largestRecord()).isLessThan(200_000);
    }

    @Test
    void shouldRejectAnEventUnderAnotherFilesKey() {
        pipeline.toldUnder(arrived("invoices", "invoices/b.csv").id(), ARRIVED);

        assertThat(pipeline.deadLetters()).extracting(DeadLetter::reason).singleElement().asString().contains("key");
        assertThat(pipeline.states()).isEmpty();
    }

    @Test
    void shouldRefuseARecordThatItsWriterPutIntoTheWrongPartition(@TempDir Path directory) {
        FileEvent.Arrived first = arrivedInPartition(0);
        FileEvent.Arrived second = arrivedInPartition(1);
        String twoPartitions = PipelineUnderTest.CONFIGURATION + "topics: { filePartitions: 2 }\n";
        try (var two = new PipelineUnderTest(directory, twoPartitions)) {
            // The driver puts both into partition 0.
            two.told(first, second);

            assertThat(two.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly(
                            "rejected: the record is in partition 0 of waybill.file-events, and its key belongs"
                                    + " in partition 1 of 2: its writer must partition keys by murmur2, as Kafka's own clients"
                                    + " do; librdkafka does with partitioner=murmur2_random");
            assertThat(two.states()).extracting(state -> state.key).containsExactly(first.id());
        }
    }

    private static FileEvent.Arrived arrivedInPartition(int partition) {
        return IntStream.range(0, 100)
                .mapToObj(number -> arrived("invoices", "invoices/" + number + ".csv"))
                .filter(event -> BuiltInPartitioner.partitionForKey(
                        event.id().value().getBytes(StandardCharsets.UTF_8), 2) == partition)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldRejectAnEventFromAClockThatIsYearsAhead() {
        pipeline.told(new FileEvent.Arrived(ID, START.plus(Duration.ofDays(4000)), ARRIVED.route(), ARRIVED.source()));

        assertThat(pipeline.deadLetters()).hasSize(1);
        assertThat(pipeline.states()).isEmpty();
    }

    @Test
    void shouldKeepThePoisonAsItWasAndGoOn() {
        var poison = new byte[] {9, 9, 9};

        pipeline.toldBytes(ID.value().getBytes(StandardCharsets.UTF_8), poison);
        pipeline.toldBytes("no file id".getBytes(StandardCharsets.UTF_8), poison);
        pipeline.toldBytes(ID.value().getBytes(StandardCharsets.UTF_8), null);
        pipeline.toldBytes(null, poison);
        pipeline.told(ARRIVED);

        List<DeadLetter> letters = pipeline.deadLetters();
        assertThat(letters).hasSize(4);
        assertThat(letters.getFirst()).isInstanceOfSatisfying(DeadLetter.Poison.class, letter -> {
            assertThat(letter.value()).isEqualTo(poison);
            assertThat(letter.origin()).isEqualTo("waybill.file-events-0@0");
            assertThat(letter.headers()).containsEntry("source", "AQI=");
            assertThat(letter.reason()).contains("wire format");
        });
        assertThat(pipeline.state(ID).status()).isEqualTo(Status.PENDING);
    }
}
