package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static io.waybill.state.table.PipelineUnderTest.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Heartbeat;
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
import io.waybill.domain.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateTopologyTest {
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
    void shouldMakeADeadLetterOfAnEventThatIsRejected() {
        pipeline.told(started(1));

        assertThat(pipeline.deadLetters()).singleElement().isInstanceOfSatisfying(DeadLetter.Poison.class, letter -> {
            assertThat(letter.reason()).contains("no file is known by this id");
            assertThat(letter.origin()).isEqualTo("waybill.file-events-0@0");
            assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo(ID.value());
            assertThat(letter.value()).isNotEmpty();
        });
        assertThat(pipeline.count("waybill.events.rejected", "event", "Started")).isOne();
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
    void shouldRejectAnArrivalOnARouteThatIsNotConfigured() {
        pipeline.told(arrived("unheard", "x"));

        assertThat(pipeline.deadLetters())
                .extracting(DeadLetter::reason)
                .singleElement()
                .asString()
                .contains("'unheard'", "invoices");
        assertThat(pipeline.states()).isEmpty();
    }

    @Test
    void shouldRejectAnEventUnderAnotherFilesKey() {
        pipeline.toldUnder(arrived("invoices", "invoices/b.csv").id(), ARRIVED);

        assertThat(pipeline.deadLetters()).extracting(DeadLetter::reason).singleElement().asString().contains("key");
        assertThat(pipeline.states()).isEmpty();
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
    void shouldTellEachMoveInTheHistoryAndKeepTheNewest() {
        pipeline.told(ARRIVED);
        for (int sending = 1; sending <= 30; sending++) {
            pipeline.told(
                    new FileEvent.Failed(
                            ID,
                            START,
                            Stage.DELIVERY,
                            new Attempt(sending, 1),
                            new Failure(FailureKind.FORBIDDEN, "no")),
                    new RedriveRequested(ID, START, sending, "ann", "again"));
        }

        try (var entries = pipeline.history().all()) {
            assertThat(entries)
                    .toIterable()
                    .extracting(entry -> entry.value.version())
                    .hasSize(FileTable.HISTORY_LENGTH)
                    .endsWith(61L)
                    .isSorted();
        }
    }

    @Test
    void shouldTellTheStepsOfAnAttemptInTheHistory() {
        pipeline.told(
                ARRIVED,
                new FileEvent.Completed(
                        ID,
                        START.plusSeconds(9),
                        Stage.DELIVERY,
                        Attempt.FIRST,
                        receipt("/incoming/a.csv"),
                        Map.of(Step.PUBLISHED, START.plusSeconds(8), Step.RECEIVED, START.plusSeconds(1))));

        assertThat(pipeline.history().get(new HistoryKey(ID, 1)).steps()).isEmpty();
        assertThat(pipeline.history().get(new HistoryKey(ID, 2)).steps())
                .containsExactly(
                        new HistoryEntry.Done("RECEIVED", "2026-01-01T00:00:01Z"),
                        new HistoryEntry.Done("PUBLISHED", "2026-01-01T00:00:08Z"));
    }

    @Test
    void shouldReadAHistoryEntryOfTheTimeBeforeSteps() {
        String stored =
                """
                {"at":"2026-01-01T00:00:00Z","event":"Completed","status":"COMPLETED","sending":1,"attempt":1,
                 "version":2,"detail":"as it was"}
                """;

        HistoryEntry read = HistoryEntry.serde()
                .deserializer()
                .deserialize("history", stored.getBytes(StandardCharsets.UTF_8));

        assertThat(read.steps()).isEmpty();
        assertThat(read.detail()).isEqualTo("as it was");
    }

    @Test
    void shouldNotLetHeartbeatsFillTheHistory() {
        FileEvent.Arrived drop = arrived("drop", "a");
        pipeline.told(drop, new Started(drop.id(), START, Stage.IMPORT, Attempt.FIRST, "importer-1"));
        for (int minute = 1; minute <= 100; minute++) {
            pipeline.told(new Heartbeat(
                    drop.id(), START.plusSeconds(60 * minute), Stage.IMPORT, Attempt.FIRST, "importer-1"));
        }
        pipeline.told(new Completed(drop.id(), START.plusSeconds(6100), Stage.IMPORT, Attempt.FIRST, null));

        assertThat(pipeline.state(drop.id()).version()).isEqualTo(103);
        try (var entries = pipeline.history().all()) {
            assertThat(entries)
                    .toIterable()
                    .extracting(entry -> entry.value.event() + " " + entry.value.version())
                    .containsExactly("Arrived 1", "Started 2", "Heartbeat 102", "Completed 103");
        }
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
        assertThat(pipeline.tallies.total()).isEmpty();
    }

    @Test
    void shouldNotForgetAFileThatWasRedrivenMeanwhile() {
        pipeline.told(ARRIVED, failed(1, FailureKind.FORBIDDEN), new RedriveRequested(ID, START, 1, "ann", "again"));

        pipeline.passes(Duration.ofDays(31));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.PENDING);
    }

    @Test
    void shouldCountFilesByTheirStatus() {
        pipeline.told(ARRIVED, arrived("invoices", "invoices/b.csv"), completed(1));

        assertThat(pipeline.tallies.total().values()).containsExactlyInAnyOrder(1L, 1L);
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
