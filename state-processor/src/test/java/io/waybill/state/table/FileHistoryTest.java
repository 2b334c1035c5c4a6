package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static io.waybill.state.table.PipelineUnderTest.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Milestone;
import io.waybill.domain.NameFolding;
import io.waybill.domain.RemotePath;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import io.waybill.testkit.CaughtWarnings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is told about the life of a file, later. */
final class FileHistoryTest {
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
    void shouldTellThatAnotherKeyOfTheRouteHasTheSameTarget() {
        FileEvent.Arrived other = arrived("invoices", "invoices/2026/a.csv");

        pipeline.told(ARRIVED, other);

        assertThat(pipeline.history().get(new HistoryKey(ID, 1)).detail()).isEqualTo("outbound/invoices/a.csv");
        assertThat(pipeline.history().get(new HistoryKey(other.id(), 1)).detail())
                .isEqualTo("outbound/invoices/2026/a.csv; another key of its route has the target /incoming/a.csv,"
                        + " too: file " + ID);
        assertThat(pipeline.count("waybill.files.target.collisions", "route", "invoices")).isOne();
    }

    @Test
    void shouldNotTakeTheNextVersionOfAKeyForAnotherKey() {
        var source = new SourceObject("outbound", "invoices/a.csv", "v2", "e2", 43, START);
        var next = new FileEvent.Arrived(PipelineUnderTest.id("invoices", source), START, ARRIVED.route(), source);

        pipeline.told(ARRIVED, next, arrived("orders", "orders/a.csv"));

        assertThat(pipeline.count("waybill.files.target.collisions")).isZero();
    }

    @Test
    void shouldRememberNoMoreThanItsShareOfTargets() {
        var targets = new RecentTargets();
        FileState file = state(ARRIVED);

        for (int i = 0; i <= RecentTargets.MOST; i++) {
            targets.given(file, target("/incoming/" + i), NameFolding.NONE);
        }

        FileState other = state(arrived("invoices", "invoices/x/a.csv"));
        assertThat(targets.given(other, target("/incoming/0"), NameFolding.NONE)).isEmpty();
        assertThat(targets.given(other, target("/incoming/9"), NameFolding.NONE)).contains(ID);
        assertThat(targets.given(other, target("/INCOMING/8"), NameFolding.CASE)).contains(ID);
    }

    private FileState state(FileEvent.Arrived arrived) {
        pipeline.told(arrived);
        return pipeline.state(arrived.id());
    }

    private static Target target(String path) {
        return new Target(new DestinationName("acme"), new RemotePath(path));
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
    void shouldKeepNoHistoryOfAFileThatIsForgottenAndStillKnowIt() {
        var completed = new FileEvent.Completed(
                ID, START.plusSeconds(9), Stage.DELIVERY, Attempt.FIRST, receipt("/incoming/a.csv"), Map.of());
        pipeline.told(ARRIVED, completed, new FileEvent.ForgetRequested(ID, START, 1, "ann", "a person asked"));

        try (var entries = pipeline.history().all()) {
            assertThat(entries).isExhausted();
        }
        assertThat(pipeline.state(ID).forgotten()).isTrue();
        assertThat(pipeline.state(ID).toString()).doesNotContain("a.csv", "acme");
        pipeline.told(ARRIVED);
        assertThat(pipeline.state(ID).status()).isEqualTo(Status.COMPLETED);
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
                        Map.of(Milestone.PUBLISHED, START.plusSeconds(8), Milestone.RECEIVED, START.plusSeconds(1))));

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
            pipeline.passes(Duration.ofMinutes(1));
            pipeline.told(new Heartbeat(
                    drop.id(), START.plusSeconds(60 * minute), Stage.IMPORT, Attempt.FIRST, "importer-1"));
        }
        pipeline.passes(Duration.ofMinutes(2));
        pipeline.told(new Completed(drop.id(), START.plusSeconds(6100), Stage.IMPORT, Attempt.FIRST, null));

        assertThat(pipeline.state(drop.id()).version()).isEqualTo(103);
        try (var entries = pipeline.history().all()) {
            assertThat(entries)
                    .toIterable()
                    .extracting(entry -> entry.value.event() + " " + entry.value.version())
                    .containsExactly("Arrived 1", "Started 2", "Heartbeat 102", "Completed 103");
        }
    }
}
