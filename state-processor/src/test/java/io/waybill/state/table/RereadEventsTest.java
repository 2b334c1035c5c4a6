package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static io.waybill.state.table.PipelineUnderTest.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Brokers forget the position of a group that was away for a week; then all that is in file-events is read once more. */
final class RereadEventsTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(RulesProcessor.class);

    private static final Duration AWAY = Duration.ofDays(31);
    private static final Instant LATER = START.plus(AWAY);
    private static final FileEvent.Arrived ARRIVED = arrived("invoices", "invoices/a.csv");
    private static final FileEvent COMPLETED = completed(ARRIVED.id(), START);

    private PipelineUnderTest before;
    private PipelineUnderTest after;

    /** A file was delivered, and left the table when its retention was over. */
    @BeforeEach
    void open(@TempDir Path first, @TempDir Path second) {
        before = new PipelineUnderTest(first);
        before.told(ARRIVED, COMPLETED);
        before.passes(AWAY);
        after = new PipelineUnderTest(second);
        after.passes(AWAY);
        after.restore(before);
    }

    @AfterEach
    void close() {
        before.close();
        after.close();
    }

    private static FileEvent completed(FileId id, Instant at) {
        return new FileEvent.Completed(id, at, Stage.DELIVERY, Attempt.FIRST, receipt("/incoming/a.csv"));
    }

    @Test
    void shouldNotSendAFileAgainThatHasLeftTheTable() {
        after.toldAt(START, ARRIVED, COMPLETED);

        assertThat(after.files().get(ARRIVED.id())).isNull();
        assertThat(after.work()).isEmpty();
        assertThat(after.ready()).isEmpty();
        assertThat(after.deadLetters()).isEmpty();
    }

    @Test
    void shouldBeginAFileThatComesAfterThem() {
        FileEvent.Arrived next = arrived("invoices", "invoices/b.csv");
        after.toldAt(START, ARRIVED, COMPLETED);
        after.toldAt(START, next);

        assertThat(after.state(next.id()).status()).isEqualTo(Status.PENDING);
    }

    @Test
    void shouldBeginFilesThatATopicMadeAnewTellsOf() {
        FileEvent.Arrived next = arrived("invoices", "invoices/b.csv");
        after.toldAt(LATER, ARRIVED);
        // The clocks of two writers differ.
        after.toldAt(LATER.minusMillis(5), next);

        assertThat(after.state(ARRIVED.id()).status()).isEqualTo(Status.PENDING);
        assertThat(after.state(next.id()).status()).isEqualTo(Status.PENDING);
    }

    @Test
    void shouldStillMakeALetterOfAnEventOfAFileThatNeverWas() {
        after.toldAt(START, ARRIVED, COMPLETED);
        after.toldAt(START, completed(arrived("invoices", "invoices/b.csv").id(), START));

        assertThat(after.deadLetters()).hasSize(1);
    }
}
