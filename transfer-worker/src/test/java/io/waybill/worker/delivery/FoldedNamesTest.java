package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.NameFolding;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.StagingTokens;
import io.waybill.worker.status.FilesInFlight;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two keys whose names a real server takes for one, the second a moment after the first was delivered. */
final class FoldedNamesTest extends DestinationDeliveryFixture {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(AttemptReporter.class);

    private final Topics topics = Topics.from(
            new TopicSettings("waybill.", 3, 3, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final List<CommitEntry> entries = new ArrayList<>();

    @Test
    void shouldKeepTheFirstOfTwoFilesWhoseNamesTheServerTakesForOne() throws Exception {
        List<FileEvent> events = deliverBoth("/Report.csv", "/REPORT.csv", NameFolding.CASE);

        assertThat(events.getLast()).isInstanceOfSatisfying(FileEvent.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.NAME_CONFLICT);
            assertThat(failed.failure().detail()).contains("/Report.csv", "/REPORT.csv");
        });
        assertThat(contents()).containsExactly("first");
        assertNothingStaged();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", " ", ". ."})
    void shouldKeepTheFirstOfTwoFilesWhoseNamesDifferOnlyInWhatWindowsDropsAtTheEnd(String dropped) throws Exception {
        List<FileEvent> events = deliverBoth("/Report.csv", "/Report.csv" + dropped, NameFolding.CASE);

        assertThat(events.getLast())
                .isInstanceOfSatisfying(FileEvent.Failed.class, failed -> assertThat(failed.failure().kind())
                        .isEqualTo(FailureKind.NAME_CONFLICT));
        assertThat(contents()).containsExactly("first");
        assertNothingStaged();
    }

    @Test
    void shouldReplaceTheFileOfTheVeryNameWhateverTheServerFolds() throws Exception {
        List<FileEvent> events = deliverBoth("/Report.csv", "/Report.csv", NameFolding.CASE);

        assertThat(events.getLast()).isInstanceOf(FileEvent.Completed.class);
        assertThat(contents()).containsExactly("second");
    }

    @Test
    void shouldKnowNothingOfNamesThatNobodySaidTheServerFolds() throws Exception {
        List<FileEvent> events = deliverBoth("/Report.csv", "/REPORT.csv", NameFolding.NONE);

        assertThat(events.getLast()).isInstanceOf(FileEvent.Completed.class);
        assertThat(contents()).containsExactly("second");
    }

    /** The second begins when the first is at the server, and its mark in the ledger still. */
    private List<FileEvent> deliverBoth(String first, String second, NameFolding folding) {
        start();
        server.foldNames(name -> name.toLowerCase(Locale.ROOT).replaceFirst("[. ]+$", ""));
        var journal = new FakeJournal();
        DestinationDelivery delivery = delivery(server.port());
        assertThat(delivery.deliver(deliver(store.put("a", ascii("first")), first), LANE, journal))
                .isInstanceOf(Outcome.Delivered.class);
        handle(delivery, journal.intents().getFirst(), deliver(store.put("b", ascii("second")), second), folding);
        return entries.stream()
                .flatMap(entry -> entry.records().stream())
                .map(r -> topics.fileEvents().value().deserializer().deserialize(r.topic(), r.value()))
                .toList();
    }

    private void handle(DestinationDelivery delivery, Prepared mark, TransferWork work, NameFolding folding) {
        var progress = new PartitionProgress(
                new TopicPartition("waybill.transfer-work", 0),
                0,
                List.of(),
                Works.ledger(Map.of(mark.key(), mark), folding),
                new StagingTokens("p0"));
        var time = ProcessClock.system();
        var scheduler = Works.scheduler(1, Runnable::run);
        var reporting = new Reporting(
                topics,
                delivery,
                entry -> commit(entry, progress),
                (_, _) -> {},
                PublishProtocol.TWO_PHASE,
                "worker-1",
                WorkerMetrics.NONE,
                new FilesInFlight(time),
                time);
        var executions = new Executions(
                reporting,
                new Judge(new WithdrawnWork(), store::current),
                new StagingCleaner(delivery, scheduler, entry -> commit(entry, progress), time));
        new WorkItems(topics, scheduler, executions, entry -> commit(entry, progress), time)
                .handle(
                        new ConsumerRecord<>(
                                topics.transferWork().name(),
                                0,
                                7,
                                LANE.key().getBytes(StandardCharsets.UTF_8),
                                topics.transferWork().value().serializer().serialize("", work)),
                        progress);
    }

    private void commit(CommitEntry entry, PartitionProgress progress) {
        entries.add(entry);
        entry.update().ifPresent(progress.ledger()::apply);
        entry.committed().complete(true);
    }

    private List<String> contents() throws Exception {
        try (var all = Files.list(served)) {
            var contents = new ArrayList<String>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readString(file));
            }
            return contents;
        }
    }
}
