package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.DeadlineReached.Asked;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.domain.Target;
import io.waybill.domain.Unplaced;
import io.waybill.domain.schedule.OpeningWindow;
import io.waybill.domain.schedule.Schedule;
import io.waybill.runtime.halt.Halts;
import io.waybill.state.index.FileGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pass over files in memory. */
final class ReleasePassTest {
    private final Table table = new Table();
    private final List<FileId> handedOut = new ArrayList<>();

    private static final class Table implements ReleasePass.Files {
        private final TreeMap<FileId, FileState> files = new TreeMap<>();
        private int got;

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
            got++;
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

    /** The same on a lane, deferred because the partner is down. */
    private FileId waits(int number, String destination, int lane) {
        FileState file = table.files.get(waits(number));
        var target = new Target(new DestinationName(destination), new RemotePath("/in/" + number));
        var placed = new FileState(
                file.id(), file.route(), file.source(), target, lane, file.phase(), null, 1,
                file.arrivedAt(), file.changedAt());
        table.files.put(file.id(), placed);
        return file.id();
    }

    private boolean handOut(FileState file) {
        handedOut.add(file.id());
        table.files.remove(file.id());
        return true;
    }

    private ReleasePass pass(int kept) {
        return new ReleasePass(table, new ReleasePass.Wanted(_ -> true, _ -> true, _ -> false), this::handOut, kept);
    }

    private static boolean step(ReleasePass pass) {
        pass.look(TaskReleases.LOOKED_AT);
        return pass.handOut();
    }

    private void go(ReleasePass pass, Predicate<FileId> takenUp) {
        int taken = 0;
        for (int steps = 0; step(pass) && steps < 1_000; steps++) {
            while (taken < handedOut.size()) {
                FileId next = handedOut.get(taken++);
                if (takenUp.test(next)) {
                    pass.moved(gone(next));
                }
            }
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
            expected.add(waits(i, "acme", 0));
        }

        go(pass(700), _ -> true);

        assertThat(handedOut).isEqualTo(expected);
    }

    @Test
    void shouldNotKeepTheFilesOfOneLaneWaitingForAnotherThatTakesNone() {
        List<FileId> expected = new ArrayList<>();
        for (int i = 2_999; i >= 0; i--) {
            // The lane that stands still has the older ones.
            waits(10_000 + i, "tarpit", 0);
            expected.add(waits(i, "acme", 0));
        }

        go(pass(700), expected::contains);

        assertThat(handedOut.stream().filter(expected::contains)).isEqualTo(expected);
        assertThat(handedOut).hasSize(expected.size() + 1);
    }

    @Test
    void shouldGoOnToTheNextFileIfTheRulesLeaveOneAsItIs() {
        FileId left = waits(2, "acme", 0);
        FileId next = waits(1, "acme", 0);
        var pass = new ReleasePass(
                table,
                new ReleasePass.Wanted(_ -> true, _ -> true, _ -> true),
                file -> !file.id().equals(left) && handOut(file));

        step(pass);

        assertThat(handedOut).containsExactly(next);
        assertThat(step(pass)).isFalse();
    }

    /** Of a route whose path suits none of its keys, say. */
    @Test
    void shouldBearThousandsOfFilesThatEndAtOnce() {
        for (int i = 0; i < 8_000; i++) {
            waits(i, "acme", 0);
        }
        AtomicReference<ReleasePass> itself = new AtomicReference<>();
        var pass = new ReleasePass(
                table,
                new ReleasePass.Wanted(_ -> true, _ -> true, _ -> false),
                file -> {
                    handOut(file);
                    itself.get().moved(gone(file.id()));
                    return true;
                });
        itself.set(pass);

        int steps = 0;
        int most = 0;
        for (boolean left = true; left; steps++) {
            int before = handedOut.size();
            left = step(pass);
            most = Math.max(most, handedOut.size() - before);
        }

        assertThat(handedOut).hasSize(8_000);
        assertThat(most).isEqualTo(ReleasePass.AT_ONCE);
        assertThat(steps).isLessThan(100);
    }

    @Test
    void shouldHandOutTheFilesOfRoutesThatAreKnownNow() {
        FileId id = waits(1);
        List<Asked> asked = new ArrayList<>();
        var releases = new TaskReleases(table, new Releases(() -> START), (file, by) -> {
            asked.add(by);
            return handOut(file);
        });

        releases.begin(file -> false);
        releases.tick(START);
        assertThat(handedOut).isEmpty();

        releases.begin(file -> file.route().value().equals("unheard"));
        releases.tick(START);
        assertThat(handedOut).containsExactly(id);
        assertThat(asked).singleElement().satisfies(by -> assertThat(by.reason()).contains("configured now"));
    }

    /** Nobody need take up what is only placed, and a partner that is down for one route is none for the others. */
    @Test
    void shouldPlaceAllFilesOfRoutesThatAreKnownNowWhateverBecomesOfTheFirst() {
        for (int i = 0; i < 1_000; i++) {
            waits(i);
        }
        var releases = new TaskReleases(table, new Releases(() -> START), (file, _) -> handOut(file));
        releases.begin(_ -> true);
        int ticks = 1;
        while (releases.tick(START)) {
            ticks++;
            releases.moved(deferred(handedOut.getFirst()));
        }

        assertThat(handedOut).hasSize(1_000);
        assertThat(ticks).isBetween(2, 10);
    }

    private static FileState deferred(FileId id) {
        FileState like = gone(id);
        return new FileState(
                id, like.route(), like.source(),
                new Target(new DestinationName("acme"), new RemotePath("/in")), null,
                new Phase.Waiting(
                        Stage.DELIVERY, Attempt.FIRST, START, START, Phase.Waiting.Cause.DEFERRAL,
                        new Failure(FailureKind.UNREACHABLE, "not now")),
                null, 9, START, START);
    }

    /** A tick is on the task's thread: events wait for it. */
    @Test
    void shouldNotLookAtMoreInOneTickIfThereAreMorePlaces() {
        var releases = new Releases(() -> START);
        for (int place = 0; place < 10; place++) {
            for (int i = 0; i < 1_000; i++) {
                waits(10_000 * place + i, "place" + place, 0);
            }
            releases.heard(new Release(
                    new Place.Destination(new DestinationName("place" + place)), START, Release.Cause.STARTED, "w"));
        }
        var task = new TaskReleases(table, releases, (file, _) -> handOut(file));

        task.tick(START);
        int first = table.got;
        int ticks = 1;
        while (task.tick(START)) {
            ticks++;
        }

        assertThat(first).isLessThan(2 * TaskReleases.LOOKED_AT);
        assertThat(ticks).isBetween(5, 20);
        assertThat(handedOut).hasSize(10);
    }

    @Test
    void shouldHandOutNoFileOfAPausedRouteUntilItIsResumed() {
        var subject = new Suspension.Subject.OfRoute(new RouteName("unheard"));
        var paused = Suspension.none(subject).paused(START, null, "ann", "maintenance");
        var acme = new DestinationName("acme");
        var halts = new Halts(Map.of(), Map.of(subject.name(), acme));
        halts.heard(paused);
        FileId file = waits(1, "acme", 0);
        var releases = new Releases(() -> START, halts);
        var task = new TaskReleases(table, releases, (each, _) -> handOut(each));

        releases.heard(new Release(new Place.Destination(acme), START, Release.Cause.STARTED, "worker-1"));
        task.tick(START);
        task.tick(START.plusSeconds(1));
        assertThat(handedOut).isEmpty();

        halts.heard(paused.resumed(START.plusSeconds(60), "ann", ""));
        task.tick(START.plusSeconds(60));
        assertThat(handedOut).containsExactly(file);
    }

    /** The monitor looks once an hour whether the pause is over. */
    @Test
    void shouldHandOutWhenAPauseEndsWhatFailedBeforeAndWasDueInIt() {
        var subject = new Suspension.Subject.Destination(new DestinationName("acme"));
        var paused = Suspension.none(subject).paused(START, null, "ann", "maintenance");
        var halts = new Halts(Map.of());
        halts.heard(paused);
        FileState file = table.files.get(waits(1, "acme", 0));
        var failed = new Phase.Waiting(
                Stage.DELIVERY, Attempt.FIRST.next(), START.plusSeconds(7200), START.plusSeconds(60),
                Phase.Waiting.Cause.FAILURE,
                new Failure(FailureKind.CONNECTION_LOST, "gone"));
        table.files.put(file.id(), new FileState(
                file.id(), file.route(), file.source(), file.target(), file.lane(), failed, null, 1,
                file.arrivedAt(), file.changedAt()));
        var task = new TaskReleases(table, new Releases(() -> START, halts), (each, _) -> handOut(each));
        task.tick(START.plusSeconds(120));
        assertThat(handedOut).isEmpty();

        halts.heard(paused.resumed(START.plusSeconds(180), "ann", ""));
        task.tick(START.plusSeconds(180));

        assertThat(handedOut).containsExactly(file.id());
    }

    @Test
    void shouldHandOutTheFilesOfADestinationWhenItsWindowOpensThoughNoWorkerSaysSo() {
        // A Friday in the evening, and the Monday after it.
        Instant closed = Instant.parse("2026-01-16T20:00:00Z");
        Instant open = Instant.parse("2026-01-19T08:00:00Z");
        var schedule = new Schedule(List.of(OpeningWindow.parse("Mon-Fri 08:00-18:00 UTC")), List.of());
        FileId file = waits(1, "acme", 0);
        var task = new TaskReleases(
                table,
                new Releases(() -> START, new Halts(Map.of(new DestinationName("acme"), schedule))),
                (each, _) -> handOut(each));

        task.tick(closed);
        assertThat(handedOut).isEmpty();

        task.tick(open);
        assertThat(handedOut).containsExactly(file);
    }
}
