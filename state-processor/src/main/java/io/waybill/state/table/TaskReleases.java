package io.waybill.state.table;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached.Asked;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Stage;
import io.waybill.domain.Status;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.Unplaced;
import io.waybill.state.index.FileGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The releases of one task: what its files wait for may be tried again. A newer release of a place replaces the pass of an
 * older one. For the task's thread.
 */
final class TaskReleases {
    /** The number of files that the passes look at in one tick, all together. */
    static final int LOOKED_AT = 2_000;

    /** The key of the pass over files whose route is configured now. */
    private static final Object ROUTES = new Object();
    /** An older release was heard by this service before, or by a former instance of it. */
    private static final Duration NEWS = Duration.ofHours(1);
    /**
     * Between two passes of one release. If the clock of a worker is slow, what it defers seems to have waited since before
     * the release.
     */
    private static final Duration BETWEEN_PASSES = Duration.ofSeconds(30);

    /** A worker whose clock is ahead says that a halt is over while it holds here. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(30);

    private final ReleasePass.Files table;
    private final Releases releases;
    private final BiPredicate<FileState, Asked> handOut;
    private final Map<Object, ReleasePass> passes = new LinkedHashMap<>();
    private final Map<Place, Instant> began = new HashMap<>();
    /** Releases that mean files of which this task heard after it had looked. */
    private final Map<Place, Release> late = new HashMap<>();
    /** What was not halted at the last tick. */
    private final Set<Subject> open = new HashSet<>();
    private Instant now = Instant.EPOCH;
    private long heard;
    private int turn;

    /**
     * @param handOut makes the attempt of a file due; false if the rules leave the file as it is
     */
    TaskReleases(ReleasePass.Files table, Releases releases, BiPredicate<FileState, Asked> handOut) {
        this.table = table;
        this.releases = releases;
        this.handOut = handOut;
    }

    /** Hands out files that waited for their route. For the beginning of the task. */
    void begin(Predicate<FileState> known) {
        var asked = new Asked("state-processor", "the route is configured now");
        var unplaced = new ReleasePass.Wanted(
                group -> waiting(group) && group.failure() == FailureKind.UNKNOWN_DESTINATION
                        && group.destination() == null,
                file -> Unplaced.is(file) && known.test(file),
                _ -> false);
        passes.put(ROUTES, new ReleasePass(table, unplaced, file -> handOut.test(file, asked)));
    }

    /**
     * Begins the passes of new releases, and does one step of each pass.
     *
     * @return whether a pass has more to do at once; otherwise they wait for files to be taken up
     */
    boolean tick(Instant now) {
        this.now = now;
        beginWhereHaltsEnded();
        for (Releases.Heard each : releases.after(heard)) {
            heard = each.number();
            late.remove(each.release().place());
            // A file that was deferred after an old release must not be tried again for it. A release of the hour before
            // it was heard is news, whatever the clock of its writer says. The task may look much later.
            Instant at = each.release().at();
            begin(each.release(), at.isBefore(each.at().minus(NEWS)) ? at : each.at(), now);
        }
        late.values().removeIf(release -> begunAgain(release, now));
        look();
        passes.values().removeIf(pass -> !pass.handOut());
        return passes.values().stream().anyMatch(ReleasePass::busy);
    }

    /**
     * Begins a pass where a halt ended since the last tick, or before the first one: no worker may be left that knows of
     * the files that it put off.
     */
    private void beginWhereHaltsEnded() {
        releases.halts().subjects(now).forEach((subject, halted) -> {
            if (halted) {
                open.remove(subject);
            } else if (open.add(subject)) {
                releases.halts().destination(subject).ifPresent(name -> begin(
                        new Release(new Place.Destination(name), now, Release.Cause.STARTED, "state-processor"),
                        now,
                        now));
            }
        });
    }

    /** Whether a file would only be put off again. */
    private boolean halted(FileState file) {
        return releases.halts().halted(file, now) && releases.halts().halted(file, now.plus(CLOCKS_DIFFER));
    }

    /** Whether an attempt was due in a halt. The monitor does not say so then, and may say so an hour after the end. */
    private boolean missed(FileState file, Place place) {
        return file.phase() instanceof Phase.Waiting waiting
                && waiting.stage() == Stage.DELIVERY
                && !waiting.due().isAfter(now)
                && file.target() != null
                && place.equals(new Place.Destination(file.target().destination()));
    }

    /** All passes share what one tick looks at, so that a tick does not take longer if there are many places. */
    private void look() {
        List<ReleasePass> searching = passes.values().stream().filter(ReleasePass::searching).toList();
        turn++;
        int left = LOOKED_AT;
        for (int i = 0; i < searching.size() && left > 0; i++) {
            left -= searching.get(Math.floorMod(turn + i, searching.size())).look(left);
        }
    }

    /** Whether no file waits, so that a release would find none. */
    boolean idle() {
        return passes.isEmpty() && table.groups(TaskReleases::waiting).isEmpty();
    }

    private void begin(Release release, Instant before, Instant now) {
        Place place = release.place();
        began.put(place, now);
        var asked = new Asked(release.by(), reason(release));
        var waiting = new ReleasePass.Wanted(
                group -> waiting(group) && mayHold(place, group),
                file -> (place.holds(file) || missed(file, place))
                        && !file.changedAt().isAfter(before)
                        && !halted(file),
                // A file that was put off because it is halted says nothing about the place.
                file -> place.holds(file) && !halted(file));
        passes.put(place, new ReleasePass(table, waiting, file -> handOut.test(file, asked)));
    }

    private boolean begunAgain(Release release, Instant now) {
        Instant last = began.getOrDefault(release.place(), Instant.MIN);
        if (passes.containsKey(release.place()) || now.isBefore(last.plus(BETWEEN_PASSES))) {
            return false;
        }
        begin(release, release.at(), now);
        return true;
    }

    private static boolean waiting(FileGroup group) {
        return group.status() == Status.PENDING && group.failure() != null;
    }

    private static boolean mayHold(Place place, FileGroup group) {
        return group.failure() != null && place.mayBe(group.failure()) && switch (place) {
            case Place.Destination(var name) -> Objects.equals(group.destination(), name);
            case Place.Bucket _ -> true;
        };
    }

    private static String reason(Release release) {
        return switch (release.cause()) {
            case CONNECTED -> release.place() + " is reached again";
            case STARTED -> release.place() + " may be tried again";
            case ASKED -> release.reason();
        };
    }

    /** Takes note of a file that moved. */
    void moved(FileState after) {
        passes.values().forEach(pass -> pass.moved(after));
        releases.since(after).ifPresent(release -> late.put(release.place(), release));
    }
}
