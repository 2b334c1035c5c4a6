package io.waybill.state.query;

import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.GroupKey;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.HistoryKey;
import io.waybill.state.table.PipelineUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of two pipelines stand for two partitions. */
final class StoreQueriesTest {
    private static final FileFilter FAILED = FileFilter.ALL.in(Set.of(Status.FAILED));

    private PipelineUnderTest first;
    private PipelineUnderTest second;
    private StoreQueries queries;
    private final List<FileId> ids = new ArrayList<>();

    @BeforeEach
    void open(@TempDir Path one, @TempDir Path two) {
        first = new PipelineUnderTest(one);
        second = new PipelineUnderTest(two);
        queries = new StoreQueries(stores(true, partition(first), partition(second)), () -> {
            Map<FileGroup, Long> sum = new HashMap<>(first.counts.total());
            second.counts.total().forEach((group, count) -> sum.merge(group, count, Long::sum));
            return sum;
        });
        IntStream.range(0, 25).forEach(i -> {
            Arrived arrival = arrived("invoices", "invoices/" + i);
            ids.add(arrival.id());
            (i % 3 == 0 ? first : second).told(arrival);
        });
        ids.sort(null);
    }

    private static LocalStores stores(boolean all, LocalStores.Partition... partitions) {
        return new LocalStores() {
            @Override
            public List<Partition> partitions() {
                return List.of(partitions);
            }

            @Override
            public boolean own(FileId id) {
                return all;
            }
        };
    }

    private static LocalStores.Partition partition(PipelineUnderTest of) {
        return new LocalStores.Partition() {
            @Override
            public ReadOnlyKeyValueStore<FileId, FileState> files() {
                return of.files();
            }

            @Override
            public ReadOnlyKeyValueStore<HistoryKey, HistoryEntry> history() {
                return of.history();
            }

            @Override
            public ReadOnlyKeyValueStore<GroupKey, byte[]> groups() {
                return of.groups();
            }
        };
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void shouldGoThroughAllPartitionsInTheOrderOfTheIds() {
        assertThat(all(FileFilter.ALL, 4)).containsExactlyElementsOf(ids);
    }

    @Test
    void shouldFindOnlyWhatTheFilterSays() {
        cancel(3);

        assertThat(queries.page(FAILED, Optional.empty(), 10).files())
                .extracting(FileState::id)
                .containsExactly(arrived("invoices", "invoices/3").id());
    }

    @Test
    void shouldFindTheRareOnesOfAllPartitionsInTheOrderOfTheIds() {
        IntStream.of(0, 1, 5, 6, 20).forEach(this::cancel);

        assertThat(all(FAILED, 2))
                .containsExactlyElementsOf(IntStream.of(0, 1, 5, 6, 20)
                        .mapToObj(i -> arrived("invoices", "invoices/" + i).id())
                        .sorted()
                        .toList());
    }

    @Test
    void shouldNotFindAFileWhereItWas() {
        cancel(3);
        FileId id = arrived("invoices", "invoices/3").id();
        first.told(new RedriveRequested(id, PipelineUnderTest.START, 1, "ann", "yes"));

        assertThat(all(FAILED, 10)).isEmpty();
        assertThat(all(FileFilter.ALL.in(Set.of(Status.PENDING, Status.STARTED)), 10)).containsExactlyElementsOf(ids);
    }

    @Test
    void shouldFindByDestinationRouteFailureAndTimeTogether() {
        cancel(3);
        FileId id = arrived("invoices", "invoices/3").id();
        Instant at = PipelineUnderTest.START;

        assertThat(all(failed("invoices", "acme", FailureKind.CANCELLED, at, at.plusMillis(1)), 10))
                .containsExactly(id);
        assertThat(all(failed("orders", "acme", FailureKind.CANCELLED, at, at.plusMillis(1)), 10)).isEmpty();
        assertThat(all(failed("invoices", "other", FailureKind.CANCELLED, at, at.plusMillis(1)), 10)).isEmpty();
        assertThat(all(failed("invoices", "acme", FailureKind.STALLED, at, at.plusMillis(1)), 10)).isEmpty();
        assertThat(all(failed("invoices", "acme", FailureKind.CANCELLED, at.plusMillis(1), at.plusMillis(2)), 10))
                .isEmpty();
        assertThat(all(failed("invoices", "acme", FailureKind.CANCELLED, at.minusMillis(1), at), 10)).isEmpty();
    }

    @Test
    void shouldGoThroughAllPartitionsFromTheNewestOn() {
        FileId second = arrivedLater("invoices/second", 1).id();
        FileId newest = arrivedLater("invoices/newest", 2).id();

        List<FileId> seen = newest(FileFilter.ALL, 4);

        assertThat(seen).startsWith(newest, second).hasSize(27).doesNotHaveDuplicates();
        assertThat(newest(FileFilter.ALL.in(Set.of(Status.PENDING)), 4)).isEqualTo(seen);
        assertThat(walked(4)).isEqualTo(seen);
        cancel(3);
        assertThat(newest(FAILED, 1)).containsExactly(arrived("invoices", "invoices/3").id());
    }

    @Test
    void shouldFindEachVersionOfAKeyInEitherOrder() {
        FileFilter one = named(Optional.of("invoices/7"), Optional.empty(), Optional.empty());

        assertThat(all(one, 1)).containsExactly(arrived("invoices", "invoices/7").id());
        assertThat(newest(one, 1)).containsExactly(arrived("invoices", "invoices/7").id());
        assertThat(all(named(Optional.of("invoices/"), Optional.empty(), Optional.empty()), 1)).isEmpty();
    }

    @Test
    void shouldFindByAPartOfTheNameAndOfThePath() {
        assertThat(newest(named(Optional.empty(), Optional.of("24"), Optional.empty()), 5))
                .containsExactly(arrived("invoices", "invoices/24").id());
        assertThat(newest(named(Optional.empty(), Optional.of("invoices"), Optional.empty()), 5)).isEmpty();
        assertThat(newest(named(Optional.empty(), Optional.empty(), Optional.of("/24")), 5))
                .containsExactly(arrived("invoices", "invoices/24").id());
    }

    @Test
    void shouldFindWhatWaitsForItsNextAttempt() {
        Arrived arrival = arrived("invoices", "invoices/3");
        first.told(new Failed(arrival.id(), PipelineUnderTest.START, Stage.DELIVERY, Attempt.FIRST,
                new Failure(FailureKind.STALLED, "no byte for two minutes")));
        FileFilter waiting = new FileFilter(
                Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), true);

        assertThat(newest(waiting, 5)).containsExactly(arrival.id());
        assertThat(all(waiting, 5)).containsExactly(arrival.id());
    }

    private Arrived arrivedLater(String key, int seconds) {
        Arrived given = arrived("invoices", key);
        var later = new Arrived(given.id(), given.at().plusSeconds(seconds), given.route(), given.source());
        first.passes(Duration.ofSeconds(1));
        first.told(later);
        return later;
    }

    /** As many files would be, by the order of the index. */
    private List<FileId> walked(int limit) {
        var arrivals = new ArrivalQueries(stores(true, partition(first), partition(second)));
        List<FileId> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            FileQueries.Newest page = arrivals.newest(FileFilter.ALL, cursor, limit, 3);
            page.files().forEach(file -> seen.add(file.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
    }

    private static FileFilter named(Optional<String> key, Optional<String> name, Optional<String> path) {
        return new FileFilter(
                Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                key, name, path, false);
    }

    private List<FileId> newest(FileFilter filter, int limit) {
        List<FileId> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            FileQueries.Newest page = queries.newest(filter, cursor, limit);
            page.files().forEach(file -> seen.add(file.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
    }

    private static FileFilter failed(
            String route, String destination, FailureKind kind, Instant since, Instant until) {
        return new FileFilter(
                Set.of(),
                Optional.of(new RouteName(route)),
                Optional.of(new DestinationName(destination)),
                Optional.of(kind),
                Optional.of(since),
                Optional.of(until));
    }

    private void cancel(int file) {
        FileId id = arrived("invoices", "invoices/" + file).id();
        (file % 3 == 0 ? first : second).told(new CancelRequested(id, PipelineUnderTest.START, 1, "ann", "no"));
    }

    private List<FileId> all(FileFilter filter, int limit) {
        List<FileId> seen = new ArrayList<>();
        Optional<FileId> cursor = Optional.empty();
        do {
            FileQueries.Page page = queries.page(filter, cursor, limit);
            page.files().forEach(file -> seen.add(file.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        return seen;
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
    void shouldNotSayThatAFileIsUnknownWhosePartitionIsOnItsWay() {
        var half = new StoreQueries(stores(false, partition(first)), Map::of);
        FileId elsewhere = arrived("invoices", "invoices/1").id();

        assertThatThrownBy(() -> half.find(elsewhere)).isInstanceOf(TableNotReadyException.class);
        assertThatThrownBy(() -> half.history(elsewhere)).isInstanceOf(TableNotReadyException.class);
        assertThat(half.find(arrived("invoices", "invoices/0").id())).isPresent();
    }

    @Test
    void shouldSayThatItIsNotReadyBeforeItRuns() {
        var idle = new StoreQueries(Optional::empty, new FileCounts(), 1);

        assertThatThrownBy(() -> idle.find(ids.getFirst())).isInstanceOf(TableNotReadyException.class);
        assertThatThrownBy(idle::counts).isInstanceOf(TableNotReadyException.class);
    }

    /** They are in different partitions, in no order of their ids. */
    @Test
    void shouldFindTheNewestVersionThatStandsAtAPlace() {
        Arrived oldest = version(0);
        IntStream.range(0, 9).forEach(minute -> (minute % 2 == 0 ? first : second).told(version(minute)));
        (9 % 2 == 0 ? first : second).told(version(9));
        FileId failed = version(9).id();
        second.told(new CancelRequested(failed, PipelineUnderTest.START, 1, "ann", "no"));
        Target target = Objects.requireNonNull(queries.find(oldest.id()).orElseThrow().target());

        assertThat(queries.newer(oldest.source(), target)).map(FileState::id).hasValue(version(8).id());
        assertThat(queries.newer(version(7).source(), target)).map(FileState::id).hasValue(version(8).id());
        assertThat(queries.newer(version(8).source(), target)).isEmpty();
        assertThat(queries.newer(oldest.source(), new Target(target.destination(), new RemotePath("/in/other"))))
                .isEmpty();
    }

    @Test
    void shouldKeepNoMoreFilesOfAKeyThanAPageHas() {
        IntStream.range(0, 9).forEach(minute -> (minute % 2 == 0 ? first : second).told(version(minute)));
        FileFilter filter = named(Optional.of("invoices/versions"), Optional.empty(), Optional.empty());

        assertThat(all(filter, 2)).hasSize(9).isSorted();
        assertThat(queries.newest(filter, Optional.empty(), 2).files()).hasSize(2);
    }

    private static Arrived version(int minute) {
        Arrived like = arrived("invoices", "invoices/versions");
        SourceObject object = like.source();
        var source = new SourceObject(object.bucket(), object.key(), "v" + minute, "e", 42,
                object.lastModified().plus(Duration.ofMinutes(minute)));
        return new Arrived(
                FileId.of(like.route(), source.bucket(), source.key(), source.version()), like.at(), like.route(),
                source);
    }
}
