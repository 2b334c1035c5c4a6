package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.DeadlineReached.Asked;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import io.waybill.domain.Unplaced;
import io.waybill.state.index.FileGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pass over files in memory. */
final class ReleasePassTest {
    private final Table table = new Table();
    private final List<FileId> handedOut = new ArrayList<>();

    private static final class Table implements ReleasePass.Files {
        private final TreeMap<FileId, FileState> files = new TreeMap<>();

        @Override
        public List<FileGroup> groups(Predicate<FileGroup> wanted) {
            return files.values().stream().map(FileGroup::of).distinct().filter(wanted).toList();
        }

        @Override
        public List<FileId> members(FileGroup group, @Nullable FileId after, int most) {
            return (after == null ? files : files.tailMap(after, false))
                    .values().stream()
                    .filter(file -> FileGroup.of(file).equals(group))
                    .limit(most)
                    .map(FileState::id)
                    .toList();
        }

        @Override
        public @Nullable FileState get(FileId id) {
            return files.get(id);
        }
    }

    /** A file that waits for its route. The later the number, the older the file. */
    private FileId waits(int number) {
        Arrived like = arrived("unheard", "key-" + number);
        var arrived = new Arrived(like.id(), START.minusSeconds(number), like.route(), like.source());
        FileState file = ((Moved) Unplaced.arrived(arrived, arrived.at(), Set.of())).state();
        table.files.put(file.id(), file);
        return file.id();
    }

    private void handOut(FileState file) {
        handedOut.add(file.id());
        table.files.remove(file.id());
    }

    private void go(ReleasePass pass) {
        int taken = 0;
        for (int steps = 0; pass.step(); steps++) {
            // What is handed out is taken up at once.
            while (taken < handedOut.size()) {
                pass.moved(gone(handedOut.get(taken++)));
            }
            assertThat(steps).isLessThan(1_000);
        }
    }

    private static FileState gone(FileId id) {
        Arrived arrived = arrived("unheard", "gone");
        FileState like = ((Moved) Unplaced.arrived(arrived, START, Set.of())).state();
        return new FileState(
                id, like.route(), like.source(), null, null,
                new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false),
                null, 9, START, START);
    }

    @Test
    void shouldFindAllOldestFirstThoughItKeepsFew() {
        List<FileId> expected = new ArrayList<>();
        for (int i = 4_999; i >= 0; i--) {
            expected.add(waits(i));
        }

        go(new ReleasePass(table, _ -> true, _ -> true, this::handOut, 700));

        assertThat(handedOut).isEqualTo(expected);
    }

    @Test
    void shouldHandOutTheFilesOfRoutesThatAreKnownNow() {
        FileId id = waits(1);
        List<Asked> asked = new ArrayList<>();
        var releases = new TaskReleases(table, new Releases(), (file, by) -> {
            asked.add(by);
            handOut(file);
        });

        releases.begin(file -> false);
        releases.tick(START);
        assertThat(handedOut).isEmpty();

        releases.begin(file -> file.route().value().equals("unheard"));
        releases.tick(START);
        assertThat(handedOut).containsExactly(id);
        assertThat(asked).singleElement().satisfies(by -> assertThat(by.reason()).contains("configured now"));
    }
}
