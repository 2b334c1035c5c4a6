package io.waybill.state.index;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.state.table.PipelineUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupIndexTest {
    private static final byte[] NOTHING = {};

    private PipelineUnderTest pipeline;

    @BeforeEach
    void open(@TempDir Path directory) {
        pipeline = new PipelineUnderTest(directory);
        IntStream.range(0, 1_200).forEach(i -> pipeline.told(arrived("invoices", "invoices/" + i)));
        pipeline.told(new CancelRequested(arrived("invoices", "invoices/7").id(), START, 1, "ann", "no"));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldHoldEachFileOnceInItsGroup() {
        assertThat(indexed()).containsExactlyElementsOf(expected());
        assertThat(indexed()).anyMatch(line -> line.startsWith("FAILED/CANCELLED/invoices/acme/"));
    }

    @Test
    void shouldForgetFilesThatLeaveTheTable() {
        pipeline.passes(Duration.ofDays(31));

        assertThat(indexed()).hasSize(3 * 1_199);
    }

    @Test
    void shouldNotFindAFileByWhatIsForgotten() {
        FileId id = arrived("invoices", "invoices/7").id();
        String object = GroupKey.ofObject(pipeline.files().get(id)).text();
        assertThat(indexed()).contains(object);

        pipeline.told(new ForgetRequested(id, START, 1, "ann", "a person asked"));

        assertThat(indexed()).doesNotContain(object).containsExactlyElementsOf(expected());
        assertThat(indexed()).anyMatch(line -> line.startsWith("FAILED/CANCELLED/invoices//"));
    }

    @Test
    void shouldBeMadeAnewWhereItIsMissing() {
        indexed().forEach(key -> pipeline.groups().delete(new GroupKey(key)));

        assertThat(indexed()).isEmpty();
        begin();

        assertThat(indexed()).containsExactlyElementsOf(expected());
    }

    @Test
    void shouldBeMadeAnewWhereItTellsOfAnotherTime() {
        pipeline.groups().delete(new GroupKey(indexed().get(1)));
        pipeline.groups().put(new GroupKey("COMPLETED//gone/acme/aaaaaaaaaaaaaaaaaaaaaaaaaa"), NOTHING);

        begin();

        assertThat(indexed()).containsExactlyElementsOf(expected());
    }

    /** What the beginning of a task does. */
    private void begin() {
        new GroupIndex(pipeline.groups()).fit(pipeline.files(), new TaskFileCounts());
    }

    private List<String> indexed() {
        List<String> keys = new ArrayList<>();
        try (var all = pipeline.groups().all()) {
            all.forEachRemaining(entry -> keys.add(entry.key.text()));
        }
        return keys;
    }

    private List<String> expected() {
        List<String> keys = new ArrayList<>();
        try (var all = pipeline.files().all()) {
            while (all.hasNext()) {
                FileState file = all.next().value;
                keys.add(GroupKey.of(FileGroup.of(file), file.id()).text());
                keys.add(GroupKey.ofArrival(file).text());
                keys.add(GroupKey.ofObject(file).text());
            }
        }
        keys.sort(null);
        return keys;
    }
}
