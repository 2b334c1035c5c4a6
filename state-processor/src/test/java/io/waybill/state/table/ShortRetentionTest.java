package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static io.waybill.state.table.PipelineUnderTest.object;
import static io.waybill.state.table.PipelineUnderTest.receipt;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.TransferWork;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose retention is shorter than the time for which the workers remember what they delivered. */
final class ShortRetentionTest {
    private static final FileId ID = arrived("invoices", "invoices/a.csv").id();
    private static final Duration REMEMBERED = TransferWork.DEFAULT_KEEP.plusDays(2);

    private PipelineUnderTest pipeline;

    @BeforeEach
    void open(@TempDir Path directory) {
        pipeline = new PipelineUnderTest(
                directory, PipelineUnderTest.CONFIGURATION.replace("retention: 30d", "retention: 1d"));
        pipeline.told(
                arrivedAfter(Duration.ZERO),
                new FileEvent.Completed(ID, START, Stage.DELIVERY, Attempt.FIRST, receipt("/incoming/a.csv")));
        pipeline.work();
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static FileEvent arrivedAfter(Duration time) {
        return new FileEvent.Arrived(ID, START.plus(time), new RouteName("invoices"), object("invoices/a.csv"));
    }

    @Test
    void shouldSendAgainAnObjectThatIsNotifiedAgainAfterItsRetentionAndTellTheWorkerThatItIsANewFile() {
        Duration later = Duration.ofDays(1).plusMinutes(1);
        pipeline.passes(later);

        pipeline.told(arrivedAfter(later));

        assertThat(pipeline.state(ID).status()).isEqualTo(Status.PENDING);
        assertThat(pipeline.work()).singleElement().satisfies(record -> {
            assertThat(record.value.attempt()).isEqualTo(new Attempt(2, 1));
            assertThat(record.value.settledSendings()).isEqualTo(1);
        });
    }

    @Test
    void shouldForgetAFileOnceNoWorkerRemembersIt() {
        pipeline.passes(REMEMBERED.minusSeconds(10));
        assertThat(pipeline.files().get(ID)).isNotNull();

        pipeline.passes(Duration.ofSeconds(20));

        assertThat(pipeline.files().get(ID)).isNull();
        pipeline.told(arrivedAfter(REMEMBERED.plusSeconds(10)));
        assertThat(pipeline.work()).singleElement().satisfies(
                record -> assertThat(record.value.attempt()).isEqualTo(Attempt.FIRST));
    }
}
