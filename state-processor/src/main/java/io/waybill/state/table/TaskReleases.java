package io.waybill.state.table;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent.DeadlineReached.Asked;
import io.waybill.domain.FileState;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Status;
import io.waybill.domain.Unplaced;
import io.waybill.state.index.FileGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The releases of one task: what its files wait for may be tried again. A newer release of a place replaces the pass of an
 * older one. For the task's thread.
 */
final class TaskReleases {
    /** The key of the pass over files whose route is configured now. */
    private static final Object ROUTES = new Object();
    /** An older release was heard by this service before, or by a former instance of it. */
    private static final Duration NEWS = Duration.ofHours(1);

    private final ReleasePass.Files table;
    private final Releases releases;
    private final BiConsumer<FileState, Asked> handOut;
    private final Map<Object, ReleasePass> passes = new HashMap<>();
    private long heard;

    /**
     * @param handOut makes the attempt of a file due
     */
    TaskReleases(ReleasePass.Files table, Releases releases, BiConsumer<FileState, Asked> handOut) {
        this.table = table;
        this.releases = releases;
        this.handOut = handOut;
    }

    /** Hands out files that waited for their route. For the beginning of the task. */
    void begin(Predicate<FileState> known) {
        var asked = new Asked("state-processor", "the route is configured now");
        passes.put(ROUTES, new ReleasePass(
                table,
                group -> waiting(group) && group.failure() == FailureKind.UNKNOWN_DESTINATION
                        && group.destination() == null,
                file -> Unplaced.is(file) && known.test(file),
                file -> handOut.accept(file, asked)));
    }

    /**
     * Begins the passes of new releases, and does one step of each pass.
     *
     * @return whether a pass looks for files; otherwise it waits for files to be taken up
     */
    boolean tick(Instant now) {
        for (Releases.Heard each : releases.after(heard)) {
            heard = each.number();
            begin(each.release(), now);
        }
        passes.values().removeIf(pass -> !pass.step());
        return passes.values().stream().anyMatch(ReleasePass::searching);
    }

    private void begin(Release release, Instant now) {
        // A file that was deferred after an old release must not be tried again for it. A release of this hour is news,
        // whatever the clock of its writer says.
        Instant before = release.at().isBefore(now.minus(NEWS)) ? release.at() : now;
        Place place = release.place();
        var asked = new Asked(release.by(), reason(release));
        passes.put(place, new ReleasePass(
                table,
                group -> waiting(group) && mayHold(place, group),
                file -> place.holds(file) && !file.changedAt().isAfter(before),
                file -> handOut.accept(file, asked)));
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
    }
}
