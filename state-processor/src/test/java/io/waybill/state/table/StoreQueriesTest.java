package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of two pipelines stand for two partitions. */
final class StoreQueriesTest {
    private static final FileFilter ALL = new FileFilter(Optional.empty(), Optional.empty(), Optional.empty());

    private PipelineUnderTest first;
    private PipelineUnderTest second;
    private StoreQueries queries;
    private final List<FileId> ids = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path one, @TempDir Path two) {
        first = new PipelineUnderTest(one);
        second = new PipelineUnderTest(two);
        queries = new StoreQueries(
                new LocalStores() {
                    @Override
                    public List<ReadOnlyKeyValueStore<FileId, FileState>> files() {
                        return List.of(first.files(), second.files());
                    }

                    @Override
                    public List<ReadOnlyKeyValueStore<HistoryKey, HistoryEntry>> histories() {
                        return List.of(first.history(), second.history());
                    }
                },
                first.tallies);
        IntStream.range(0, 25).forEach(i -> {
            Arrived arrival = arrived("invoices", "invoices/" + i);
            ids.add(arrival.id());
            (i % 3 == 0 ? first : second).told(arrival);
        });
        ids.sort(null);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void shouldGoThroughAllPartitionsInTheOrderOfTheIds() {
        List<FileId> seen = new ArrayList<>();
        Optional<FileId> cursor = Optional.empty();
        do {
            FileQueries.Page page = queries.page(ALL, cursor, 4);
            page.files().forEach(file -> seen.add(file.id()));
            cursor = page.next();
        } while (cursor.isPresent());

        assertThat(seen).containsExactlyElementsOf(ids);
    }

    @Test
    void shouldFindOnlyWhatTheFilterSays() {
        first.told(
                new CancelRequested(arrived("invoices", "invoices/3").id(), PipelineUnderTest.START, 1, "ann", "no"));

        var failed = new FileFilter(Optional.of(Status.FAILED), Optional.empty(), Optional.empty());

        assertThat(queries.page(failed, Optional.empty(), 10).files())
                .extracting(FileState::id)
                .containsExactly(arrived("invoices", "invoices/3").id());
    }

    @Test
    void shouldFindAFileAndItsHistoryInWhicheverPartition() {
        for (FileId id : ids) {
            assertThat(queries.find(id)).isPresent();
            assertThat(queries.history(id)).extracting(HistoryEntry::event).containsExactly("Arrived");
        }
        assertThat(queries.find(arrived("invoices", "invoices/none").id())).isEmpty();
    }

    @Test
    void shouldSayThatItIsNotReadyBeforeItRuns() {
        var idle = new StoreQueries(Optional::empty, new Tallies());

        assertThatThrownBy(() -> idle.find(ids.getFirst())).isInstanceOf(TableNotReadyException.class);
        assertThatThrownBy(idle::counts).isInstanceOf(TableNotReadyException.class);
    }
}
