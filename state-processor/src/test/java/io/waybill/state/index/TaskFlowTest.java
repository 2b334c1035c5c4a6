package io.waybill.state.index;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Target;
import io.waybill.state.index.FlowCounts.Group;
import io.waybill.state.table.PipelineUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flow says what the table says, so that a task that begins on another instance finds the same. */
final class TaskFlowTest {
    private static final Group INVOICES = new Group(new RouteName("invoices"), new DestinationName("acme"));
    private static final long FIRST = TaskFlow.minute(START);

    @Test
    void shouldCountTheSameAsATaskThatBegins(@TempDir Path directory) {
        try (var pipeline = new PipelineUnderTest(directory)) {
            for (int i = 0; i < 30; i++) {
                Arrived arrived = arrived("invoices", "invoices/" + i);
                pipeline.told(arrived);
                Instant at = START.plusSeconds(20L * i);
                switch (i % 4) {
                    case 0 -> pipeline.told(new Completed(arrived.id(), at, Stage.DELIVERY, Attempt.FIRST, receipt()));
                    case 1 -> pipeline.told(new Failed(
                            arrived.id(), at, Stage.DELIVERY, Attempt.FIRST,
                            new Failure(FailureKind.FORBIDDEN, "no")));
                    case 2 -> pipeline.told(new CancelRequested(arrived.id(), at, 1, "ann", "no"));
                    default -> {
                        // It stays open.
                    }
                }
            }
            Map<Long, Map<Group, FlowCounts>> lived = copied(pipeline.counts.flow(0));
            FlowCounts sum = sum(lived);
            assertThat(sum).isEqualTo(new FlowCounts(30, 8, 15, 8 * 42));
            assertThat(rebuilt(pipeline)).isEqualTo(lived);

            pipeline.told(new RedriveRequested(
                    arrived("invoices", "invoices/1").id(), START.plusSeconds(700), 1, "ann", "again"));
            assertThat(sum(pipeline.counts.flow(0)).failed()).as("it is open again").isEqualTo(14);
            assertThat(rebuilt(pipeline)).isEqualTo(copied(pipeline.counts.flow(0)));

            pipeline.told(new ForgetRequested(
                    arrived("invoices", "invoices/0").id(), START.plusSeconds(700), 1, "ann", "asked for it"));
            assertThat(rebuilt(pipeline)).as("it has no destination any more")
                    .isEqualTo(copied(pipeline.counts.flow(0)));

            pipeline.passes(Duration.ofDays(31));
            assertThat(rebuilt(pipeline)).isEqualTo(copied(pipeline.counts.flow(0)));
        }
    }

    private static Receipt receipt() {
        return new Receipt(
                new RemotePath("/incoming/x"), 42, "", Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ZERO);
    }

    /** What a task counts that begins with this table. */
    private static Map<Long, Map<Group, FlowCounts>> rebuilt(PipelineUnderTest pipeline) {
        var counts = new TaskFileCounts();
        try (var all = pipeline.files().all()) {
            all.forEachRemaining(entry -> counts.moved(null, entry.value));
        }
        return copied(counts.flow().since(0));
    }

    /** Without minutes of which nothing is left. */
    private static Map<Long, Map<Group, FlowCounts>> copied(Map<Long, Map<Group, FlowCounts>> flow) {
        var copy = new HashMap<Long, Map<Group, FlowCounts>>();
        flow.forEach((minute, counts) -> {
            if (!counts.isEmpty()) {
                copy.put(minute, new HashMap<>(counts));
            }
        });
        return copy;
    }

    private static FlowCounts sum(Map<Long, Map<Group, FlowCounts>> flow) {
        return flow.values().stream()
                .flatMap(counts -> counts.values().stream())
                .reduce(FlowCounts.NONE, FlowCounts::plus);
    }

    @Test
    void shouldKeepTheNewestMinutesAndNoPartOfAnOlderOne() {
        var flow = new TaskFlow();
        for (int minute = 0; minute < 400; minute++) {
            flow.moved(null, queued(minute));
        }

        assertThat(flow.since(0)).hasSize(TaskFlow.MOST_MINUTES);
        assertThat(flow.since(0).keySet().iterator().next()).isEqualTo(FIRST + 400 - TaskFlow.MOST_MINUTES);
        assertThat(flow.since(FIRST + 399)).containsOnlyKeys(FIRST + 399);

        flow.moved(null, queued(3));
        assertThat(flow.since(0)).doesNotContainKey(FIRST + 3);
        flow.moved(queued(3), null);
        assertThat(flow.since(0)).hasSize(TaskFlow.MOST_MINUTES);
    }

    @Test
    void shouldForgetAFileThatLeavesTheTable() {
        var flow = new TaskFlow();
        flow.moved(null, queued(5));
        assertThat(flow.since(0).get(FIRST + 5)).containsEntry(INVOICES, FlowCounts.ARRIVED);

        flow.moved(queued(5), null);

        assertThat(flow.since(0).get(FIRST + 5)).isEmpty();
    }

    private static FileState queued(int minute) {
        Instant at = START.plus(Duration.ofMinutes(minute));
        var source = new SourceObject("outbound", "invoices/" + minute, null, "e1", 42, at);
        return new FileState(
                FileId.of(INVOICES.route(), "outbound", source.key(), source.version()),
                INVOICES.route(),
                source,
                new Target(new DestinationName("acme"), new RemotePath("/incoming/" + minute)),
                0,
                new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, at.plusSeconds(60)),
                null,
                1,
                at,
                at);
    }
}
