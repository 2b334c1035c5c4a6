package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static io.waybill.state.table.PipelineUnderTest.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the workers are told of work that is not wanted any more, and for how long. */
final class GivenUpWorkTest {
    private static final FileEvent.Arrived ARRIVED = arrived("invoices", "invoices/a.csv");
    private static final FileId ID = ARRIVED.id();
    private static final CancelRequested CANCEL = new CancelRequested(ID, START, 1, "ann", "sent by mistake");

    private PipelineUnderTest pipeline;

    @BeforeEach
    void open(@TempDir Path directory) {
        pipeline = new PipelineUnderTest(directory);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static FileEvent failed(int sending, FailureKind kind) {
        return new FileEvent.Failed(
                ID, START, Stage.DELIVERY, new Attempt(sending, 1), new Failure(kind, "as it goes"));
    }

    private static FileEvent completed(int sending) {
        return new FileEvent.Completed(
                ID, START, Stage.DELIVERY, new Attempt(sending, 1), receipt("/incoming/a.csv"));
    }

    private static KeyValue<FileId, ControlRecord> control(int sending, Control.Kind kind) {
        return KeyValue.pair(ID, new Control(ID, sending, kind, START));
    }

    private static KeyValue<FileId, ControlRecord> tombstone() {
        return KeyValue.pair(ID, null);
    }

    @Test
    void shouldTellTheWorkersOfACancellationUntilTheyHaveAnswered() {
        pipeline.told(ARRIVED, CANCEL);
        assertThat(pipeline.controls()).containsExactly(control(1, Control.Kind.CANCELLED));

        pipeline.told(failed(1, FailureKind.CANCELLED));

        assertThat(pipeline.controls()).containsExactly(tombstone());
        assertThat(pipeline.state(ID).version()).isEqualTo(2);
    }

    @Test
    void shouldKeepTellingTheWorkersOfATimedOutSendingWhileItsRedriveIsDelivered() {
        pipeline.told(
                ARRIVED,
                new DeadlineReached(ID, START, DeadlineKind.UNCLAIMED, 1),
                new RedriveRequested(ID, START, 1, "ann", "again"),
                completed(2));
        assertThat(pipeline.controls()).containsExactly(control(1, Control.Kind.GIVEN_UP));

        pipeline.told(failed(1, FailureKind.CANCELLED));

        assertThat(pipeline.controls()).containsExactly(tombstone());
    }

    @Test
    void shouldForgetWhatWasGivenUpWhenTheFileLeavesTheTable() {
        pipeline.told(ARRIVED, CANCEL);
        pipeline.controls();

        pipeline.passes(Duration.ofDays(31));

        assertThat(pipeline.files().get(ID)).isNull();
        assertThat(pipeline.controls()).containsExactly(tombstone());
    }

    @Test
    void shouldForgetWhatWasGivenUpAlsoAfterTheVersionBeforeHasWrittenTheState(@TempDir Path other) {
        pipeline.told(ARRIVED, CANCEL);
        FileState file = pipeline.state(ID);
        pipeline.files().put(ID, new FileState(
                ID, file.route(), file.source(), file.target(), file.lane(), file.phase(), null, file.version(),
                file.arrivedAt(), file.changedAt()));

        try (var next = new PipelineUnderTest(other)) {
            next.restore(pipeline);
            next.passes(Duration.ofDays(31));

            assertThat(next.files().get(ID)).isNull();
            assertThat(next.controls()).containsExactly(tombstone());
        }
    }

    @Test
    void shouldTellTheWorkersNothingOfAFileThatWasDeliveredAtOnce() {
        pipeline.told(ARRIVED, completed(1));
        pipeline.passes(Duration.ofDays(31));

        assertThat(pipeline.files().get(ID)).isNull();
        assertThat(pipeline.controls()).isEmpty();
    }

    @Test
    void shouldTellInTheHistoryThatACancellationCameTooLate() {
        pipeline.told(ARRIVED, CANCEL, completed(1));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.COMPLETED);
        assertThat(pipeline.history().get(new HistoryKey(ID, 3)).detail())
                .isEqualTo("DELIVERY as /incoming/a.csv; the cancellation came too late: the file had been delivered");
    }
}
