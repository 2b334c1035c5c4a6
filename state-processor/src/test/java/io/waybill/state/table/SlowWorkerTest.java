package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file whose worker's clock is an hour slow, or a few hours fast. */
final class SlowWorkerTest {
    @TempDir
    private Path directory;

    @Test
    void shouldHoldADeferredFileBackForAsLongAsItsWorkerSaysWhateverTheClockOfThatWorker() {
        FileEvent.Arrived arrived = arrived("invoices", "invoices/a.csv");
        for (Duration clock : new Duration[] {Duration.ofHours(-1), Duration.ofHours(20)}) {
            try (var pipeline = new PipelineUnderTest(directory.resolve("of" + clock))) {
                pipeline.told(arrived);
                pipeline.passes(Duration.ofSeconds(10));
                Instant said = START.plusSeconds(10).plus(clock);

                pipeline.told(new FileEvent.Deferred(
                        arrived.id(), said, Stage.DELIVERY, Attempt.FIRST, said.plusSeconds(60),
                        new Failure(FailureKind.UNREACHABLE, "no route to host")));

                assertThat(((Phase.Waiting) pipeline.state(arrived.id()).phase()).due())
                        .isEqualTo(START.plusSeconds(70));
            }
        }
    }
}
