package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static io.waybill.state.table.PipelineUnderTest.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Resolution;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class StateTopologyTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(RulesProcessor.class);

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
    void shouldDispatchWorkOnTheLaneOfItsPathWhenAFileArrives() {
        pipeline.told(ARRIVED);

        assertThat(pipeline.states()).singleElement().satisfies(state -> {
            assertThat(state.key).isEqualTo(ID);
            assertThat(state.value.status()).isEqualTo(Status.PENDING);
        });
        assertThat(pipeline.work()).singleElement().satisfies(work -> {
            assertThat(work.key).matches("acme#[0-3]");
            assertThat(work.value.attempt()).isEqualTo(Attempt.FIRST);
            assertThat(work.value.target().path().value()).isEqualTo("/incoming/a.csv");
        });
        assertThat(pipeline.ready()).isEmpty();
    }

    @Test
    void shouldIgnoreAReplayedArrival() {
        pipeline.told(ARRIVED, ARRIVED);

        assertThat(pipeline.states()).hasSize(1);
        assertThat(pipeline.work()).hasSize(1);
        assertThat(pipeline.count("waybill.events.ignored", "event", "Arrived")).isOne();
    }

    @Test
    void shouldSendFilesForOnePathToOneLane() {
        pipeline.told(arrived("invoices", "invoices/2025/a.csv"), arrived("invoices", "invoices/2026/a.csv"));

        assertThat(pipeline.work()).extracting(work -> work.key).hasSize(2)
                .satisfies(keys -> assertThat(keys.getFirst()).isEqualTo(keys.getLast()));
    }

    @Test
    void shouldAnnounceAFileOnceItIsDelivered() {
        pipeline.told(ARRIVED, started(1), completed(1), completed(1));

        assertThat(pipeline.states())
                .extracting(state -> state.value.status())
                .containsExactly(Status.PENDING, Status.STARTED, Status.COMPLETED);
        assertThat(pipeline.ready()).singleElement().satisfies(ready -> {
            assertThat(ready.key).isEqualTo(ID);
            assertThat(ready.value.receipt()).isEqualTo(receipt("/incoming/a.csv"));
        });
    }

    @Test
    void shouldHoldAFailedAttemptBackUntilItIsDue() {
        pipeline.told(ARRIVED, failed(1, FailureKind.CONNECTION_LOST));

        FileState waiting = pipeline.state(ID);
        assertThat(waiting.phase()).isInstanceOf(Phase.Waiting.class);
        assertThat(pipeline.work()).hasSize(1);

        pipeline.told(new DeadlineReached(ID, START, DeadlineKind.RETRY_DUE, waiting.version()));

        assertThat(pipeline.work()).extracting(work -> work.value.attempt()).containsExactly(new Attempt(1, 2));
    }

    @Test
    void shouldFailAFileWhoseAttemptsAreUsedUp() {
        pipeline.told(
                ARRIVED,
                failed(1, FailureKind.STALLED),
                failed(2, FailureKind.STALLED),
                failed(3, FailureKind.STALLED));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.FAILED);
    }

    @Test
    void shouldBurnNoAttemptWhenTheDestinationIsDown() {
        pipeline.told(
                ARRIVED,
                new Deferred(ID, START, Stage.DELIVERY, Attempt.FIRST, START.plusSeconds(60),
                        new Failure(FailureKind.UNREACHABLE, "no route to host")));

        assertThat(pipeline.state(ID).phase().attempt()).isEqualTo(Attempt.FIRST);
        assertThat(pipeline.work()).hasSize(1);
    }

    @Test
    void shouldSendAgainUnderANewSendingWhenAGivenUpFileIsRedriven() {
        pipeline.told(
                ARRIVED,
                failed(1, FailureKind.FORBIDDEN),
                new RedriveRequested(ID, START, 1, "ann", "the partner fixed it"));

        assertThat(pipeline.work())
                .extracting(work -> work.value.attempt())
                .containsExactly(Attempt.FIRST, new Attempt(2, 1));
    }

    @Test
    void shouldStopAFileThatIsCancelled() {
        pipeline.told(ARRIVED, new CancelRequested(ID, START, 1, "ann", "wrong partner"));

        assertThat(pipeline.state(ID).phase())
                .isEqualTo(new Phase.Failed(
                        Stage.DELIVERY,
                        Attempt.FIRST,
                        new Failure(FailureKind.CANCELLED, "cancelled by ann: wrong partner")));
    }

    @Test
    void shouldTimeOutAFileThatNobodyTakesUp() {
        pipeline.told(ARRIVED, new DeadlineReached(ID, START.plusSeconds(1), DeadlineKind.UNCLAIMED, 1));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.TIMED_OUT);
    }

    @Test
    void shouldIgnoreADeadlineOfAnEarlierVersion() {
        pipeline.told(ARRIVED, started(1), new DeadlineReached(ID, START, DeadlineKind.UNFINISHED, 1));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.STARTED);
        assertThat(pipeline.count("waybill.events.ignored", "event", "DeadlineReached")).isOne();
    }

    @Test
    void shouldAnnounceAHostedDropAtOnceAndSendNoWork() {
        pipeline.told(arrived("drop", "x"));

        assertThat(pipeline.ready()).extracting(ready -> ready.value).extracting(ReadyFile::target).containsOnlyNulls();
        assertThat(pipeline.work()).isEmpty();
    }

    @Test
    void shouldAwaitTheImporterAfterDeliveryWhereTheRouteSaysSo() {
        FileEvent.Arrived order = arrived("orders", "orders/1");
        pipeline.told(
                order,
                new Completed(order.id(), START, Stage.DELIVERY, Attempt.FIRST, receipt("/orders/1")),
                new Started(order.id(), START, Stage.IMPORT, Attempt.FIRST, "importer-1"),
                new Completed(order.id(), START, Stage.IMPORT, Attempt.FIRST, null));

        assertThat(pipeline.states())
                .extracting(state -> state.value.phase().stage() + " " + state.value.status())
                .containsExactly("DELIVERY PENDING", "IMPORT PENDING", "IMPORT STARTED", "IMPORT COMPLETED");
        assertThat(pipeline.ready()).hasSize(1);
    }

    @Test
    void shouldAnnounceAFileThatIsDeliveredByWordAndRememberWhoSaidSo() {
        var doubt = new Failure(FailureKind.IN_DOUBT, "nobody can tell");
        var resolved = new FileEvent.ResolveRequested(ID, START, 1, "ann", "they have it", Resolution.DELIVERED);

        pipeline.told(ARRIVED, new FileEvent.Failed(ID, START, Stage.DELIVERY, Attempt.FIRST, doubt), resolved,
                resolved);

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.COMPLETED);
        assertThat(pipeline.ready()).singleElement().satisfies(ready -> {
            assertThat(ready.value.receipt()).isNotNull();
            assertThat(ready.value.receipt().proof()).isEqualTo(Proof.NONE);
            assertThat(ready.value.receipt().bytes()).isEqualTo(42);
        });
        assertThat(pipeline.history().get(new HistoryKey(ID, 3)).detail()).isEqualTo("DELIVERED by ann: they have it");
    }

    @Test
    void shouldFinishAKnownFileWhoseRouteHasBeenTakenOut(@TempDir Path directory) {
        // The table as an earlier configuration left it.
        FileState known = stateAfterArrival();
        try (var later = new PipelineUnderTest(
                directory, PipelineUnderTest.CONFIGURATION.replace("  invoices:", "  renamed:"))) {
            later.files().put(ID, known);
            later.told(started(1), completed(1));

            assertThat(later.state(ID).status()).isEqualTo(Status.COMPLETED);
            assertThat(later.ready()).hasSize(1);
            assertThat(later.history().get(new HistoryKey(ID, 3)).detail()).contains("no longer configured");
        }
    }

    private FileState stateAfterArrival() {
        pipeline.told(ARRIVED);
        return pipeline.state(ID);
    }

    @Test
    void shouldForgetAFileWhenItsRetentionIsOver() {
        pipeline.told(ARRIVED, completed(1));
        pipeline.passes(Duration.ofDays(30).minusMinutes(1));
        assertThat(pipeline.files().get(ID)).isNotNull();

        pipeline.states();
        pipeline.passes(Duration.ofMinutes(1));

        assertThat(pipeline.files().get(ID)).isNull();
        assertThat(pipeline.history().approximateNumEntries()).isZero();
        assertThat(pipeline.states()).containsExactly(KeyValue.pair(ID, null));
        assertThat(pipeline.counts.total()).isEmpty();
    }

    @Test
    void shouldNotForgetAFileThatWasRedrivenMeanwhile() {
        pipeline.told(ARRIVED, failed(1, FailureKind.FORBIDDEN), new RedriveRequested(ID, START, 1, "ann", "again"));

        pipeline.passes(Duration.ofDays(31));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.PENDING);
    }

    @Test
    void shouldNotForgetAFileThatIsInDoubtBeforeSomebodyHasDecided() {
        FileEvent.Arrived arrived = arrived("invoices", "invoices/a.csv");
        FileId id = arrived.id();
        pipeline.told(arrived, new FileEvent.Failed(
                id, START, Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.IN_DOUBT, "no answer")));

        pipeline.passes(Duration.ofDays(31));
        pipeline.passes(Duration.ofDays(31));
        assertThat(pipeline.state(id).status()).isEqualTo(Status.FAILED);

        pipeline.told(new FileEvent.ResolveRequested(
                id, START.plus(Duration.ofDays(62)), 1, "ann", "the partner has it", Resolution.DELIVERED));
        pipeline.passes(Duration.ofDays(31));
        assertThat(pipeline.files().get(id)).isNull();
    }

    @Test
    void shouldSayOnceMoreThatAFileHasLeftTheTableToAMonitorThatStillWaitsForIt() {
        FileId unknown = arrived("invoices", "invoices/long-gone").id();

        pipeline.told(new DeadlineReached(unknown, START, DeadlineKind.UNFINISHED, 2));

        assertThat(pipeline.states()).containsExactly(KeyValue.pair(unknown, null));
        assertThat(pipeline.deadLetters()).isEmpty();
    }

    @Test
    void shouldCountFilesByTheirStatus() {
        pipeline.told(ARRIVED, arrived("invoices", "invoices/b.csv"), completed(1));

        assertThat(pipeline.counts.total().values()).containsExactlyInAnyOrder(1L, 1L);
        assertThat(pipeline.count("waybill.files.moved", "from", "PENDING", "to", "COMPLETED")).isOne();
    }

    private static Started started(int attempt) {
        return new Started(ID, START, Stage.DELIVERY, new Attempt(1, attempt), "worker-1");
    }

    private static Completed completed(int attempt) {
        return new Completed(ID, START, Stage.DELIVERY, new Attempt(1, attempt), receipt("/incoming/a.csv"));
    }

    private static FileEvent.Failed failed(int attempt, FailureKind kind) {
        return new FileEvent.Failed(
                ID, START, Stage.DELIVERY, new Attempt(1, attempt), new Failure(kind, "for a test"));
    }
}
