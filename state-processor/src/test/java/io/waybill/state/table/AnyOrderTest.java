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
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Resolution;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.GroupKey;
import io.waybill.testkit.CaughtWarnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.streams.KeyValue;

/** Whatever is told of some files, in whatever order and however often, the topics keep their promises. */
final class AnyOrderTest {
    private static final List<Arrived> FILES = List.of(
            arrived("invoices", "invoices/a"),
            arrived("orders", "orders/a"),
            arrived("drop", "a"),
            arrived("invoices", "invoices/b"));
    private static final int EVENTS = 120;

    @Property(tries = 40, seed = "42")
    void shouldKeepThePromisesOfItsTopics(@ForAll long seed) throws IOException {
        Path directory = Files.createTempDirectory("any-order");
        // What is told in a wrong order is rejected, and said so.
        try (var _ = CaughtWarnings.during(RulesProcessor.class);
                var pipeline = new PipelineUnderTest(directory)) {
            var random = new Random(seed);
            List<FileEvent> told = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                FileEvent event = !told.isEmpty() && random.nextInt(4) == 0
                        ? told.get(random.nextInt(told.size()))
                        : any(random, FILES.get(random.nextInt(FILES.size())));
                told.add(event);
                pipeline.told(event);
            }

            // A tombstone answers a deadline of a file that is not known; no file leaves the table here.
            List<KeyValue<FileId, FileState>> states =
                    pipeline.states().stream().filter(state -> state.value != null).toList();
            versionsRiseByOne(states);
            eachDeliveryIsAnnouncedOnce(pipeline, states);
            workIsDispatchedWheneverAFileIsQueuedForIt(pipeline, states);
            theTableIsWhatWasToldLast(pipeline, states);
            theIndexIsThatOfTheTable(pipeline);
            everythingIsCounted(pipeline);
        }
    }

    private static void versionsRiseByOne(List<KeyValue<FileId, FileState>> states) {
        Map<FileId, Long> versions = new HashMap<>();
        for (var state : states) {
            assertThat(state.value.version()).isEqualTo(versions.getOrDefault(state.key, 0L) + 1);
            versions.put(state.key, state.value.version());
        }
    }

    private static void eachDeliveryIsAnnouncedOnce(
            PipelineUnderTest pipeline, List<KeyValue<FileId, FileState>> states) {
        var delivered = new HashSet<FileId>();
        states.stream()
                .filter(state -> state.value.receipt() != null || state.value.target() == null)
                .forEach(state -> delivered.add(state.key));

        assertThat(pipeline.ready()).extracting(ready -> ready.key).containsExactlyInAnyOrderElementsOf(delivered);
    }

    private static void workIsDispatchedWheneverAFileIsQueuedForIt(
            PipelineUnderTest pipeline, List<KeyValue<FileId, FileState>> states) {
        long queued = states.stream()
                .filter(state -> state.value.phase() instanceof Phase.Queued)
                .filter(state -> state.value.phase().stage() == Stage.DELIVERY)
                .count();

        assertThat(pipeline.work()).hasSize((int) queued);
    }

    private static void theTableIsWhatWasToldLast(
            PipelineUnderTest pipeline, List<KeyValue<FileId, FileState>> states) {
        Map<FileId, FileState> last = new HashMap<>();
        states.forEach(state -> last.put(state.key, state.value));
        last.forEach((id, state) -> assertThat(pipeline.state(id)).isEqualTo(state));

        for (Status status : Status.values()) {
            long counted = pipeline.counts.total().entrySet().stream()
                    .filter(group -> group.getKey().status() == status)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            assertThat(counted)
                    .isEqualTo(last.values().stream()
                            .filter(state -> state.status() == status)
                            .count());
        }
    }

    private static void theIndexIsThatOfTheTable(PipelineUnderTest pipeline) {
        List<GroupKey> expected = new ArrayList<>();
        try (var files = pipeline.files().all()) {
            files.forEachRemaining(file -> expected.addAll(List.of(
                    GroupKey.of(FileGroup.of(file.value), file.key),
                    GroupKey.ofArrival(file.value),
                    GroupKey.ofObject(file.value))));
        }
        List<GroupKey> indexed = new ArrayList<>();
        try (var groups = pipeline.groups().all()) {
            groups.forEachRemaining(entry -> indexed.add(entry.key));
        }
        assertThat(indexed).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void everythingIsCounted(PipelineUnderTest pipeline) {
        double sum = pipeline.meters.getMeters().stream()
                .filter(meter -> List.of("waybill.files.moved", "waybill.events.ignored", "waybill.events.rejected")
                        .contains(meter.getId().getName()))
                .mapToDouble(meter -> meter.measure().iterator().next().getValue())
                .sum();

        assertThat(sum).isEqualTo(EVENTS);
    }

    private static FileEvent any(Random random, Arrived file) {
        FileId id = file.id();
        var attempt = new Attempt(1 + random.nextInt(2), 1 + random.nextInt(3));
        Stage stage = random.nextInt(3) == 0 ? Stage.IMPORT : Stage.DELIVERY;
        return switch (random.nextInt(10)) {
            case 0 -> file;
            case 1 -> new Started(id, START, stage, attempt, "worker-" + random.nextInt(2));
            case 2 ->
                new Completed(id, START, stage, attempt, stage == Stage.DELIVERY ? receipt("/incoming/a") : null);
            case 3 -> {
                FailureKind[] kinds = {FailureKind.STALLED, FailureKind.FORBIDDEN, FailureKind.IN_DOUBT};
                yield new Failed(id, START, stage, attempt, new Failure(kinds[random.nextInt(3)], "as it goes"));
            }
            case 4 -> new Deferred(id, START, stage, attempt, START.plusSeconds(random.nextInt(60)),
                    new Failure(FailureKind.UNREACHABLE, "down"));
            case 5 -> {
                DeadlineKind[] kinds = {DeadlineKind.RETRY_DUE, DeadlineKind.UNCLAIMED, DeadlineKind.UNFINISHED};
                yield new DeadlineReached(id, START, kinds[random.nextInt(3)], 1 + random.nextInt(8));
            }
            case 6 -> new RedriveRequested(id, START, attempt.sending(), "ann", "again");
            case 7 -> {
                Resolution resolution = random.nextBoolean() ? Resolution.DELIVERED : Resolution.RESEND;
                yield new ResolveRequested(id, START, attempt.sending(), "ann", "asked", resolution);
            }
            case 8 ->
                new Heartbeat(
                        id, START.plusSeconds(random.nextInt(60)), stage, attempt, "worker-" + random.nextInt(2));
            default -> new CancelRequested(id, START, attempt.sending(), "ann", "stop");
        };
    }
}
