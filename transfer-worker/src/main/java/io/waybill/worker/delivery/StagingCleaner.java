package io.waybill.worker.delivery;

import static java.util.Comparator.comparing;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.lanes.LaneScheduler;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.upload.StagingNames;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the remains of dead executions. Only the owner of a partition knows which of its names are dead. It proves that
 * it was still the owner when it looked: a name that it saw before one of its commits cannot belong to the next owner. Any
 * thread; only the polling thread calls {@link #handOut}.
 */
public final class StagingCleaner {
    /** A former owner may still work on a file right after another worker took the partition over. */
    private static final Duration FIRST = Duration.ofMinutes(1);

    private static final Duration EVERY = Duration.ofHours(1);

    /** How long a part of a file is kept for a retry to resume; longer than any back-off. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int MOST_PLACES = 1000;
    private static final RemotePath ROOT = new RemotePath("/.waybill-root");
    private static final Logger LOG = LoggerFactory.getLogger(StagingCleaner.class);

    private final Deliverer deliverer;
    private final LaneScheduler scheduler;
    private final Consumer<CommitEntry> entries;
    private final ProcessClock time;
    private final Map<Place, Long> due = new ConcurrentHashMap<>();
    /** The removals that wait for their lane, which may be busy for hours. */
    private final Set<Removal> queued = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Long nextLook;

    public StagingCleaner(Deliverer deliverer, LaneScheduler scheduler, Consumer<CommitEntry> entries,
            ProcessClock time) {
        this.deliverer = deliverer;
        this.scheduler = scheduler;
        this.entries = entries;
        this.time = time;
    }

    private record Removal(PartitionProgress progress, Staging left) {}

    /** A directory in which executions of a partition stage files. */
    private record Place(PartitionProgress progress, Lane lane, String directory) {
        String text() {
            return lane.key() + directory;
        }

        /** What the scheduler keeps apart; for the root a path that no file has. */
        RemotePath path() {
            return directory.equals("/") ? ROOT : new RemotePath(directory);
        }
    }

    /** An execution stages files in a directory. */
    void saw(PartitionProgress progress, Lane lane, String directory) {
        var place = new Place(progress, lane, directory);
        if (due.size() >= MOST_PLACES && !due.containsKey(place)) {
            forgetOne();
        }
        due.computeIfAbsent(place, _ -> time.after(FIRST));
    }

    /** Forgets the place that was swept last. Usually no execution has staged a file there for long. */
    private void forgetOne() {
        due.entrySet().stream().max(comparing(each -> time.until(each.getValue()))).ifPresent(
                last -> due.remove(last.getKey(), last.getValue()));
    }

    /** Starts everything that is due. */
    public void handOut(Iterable<PartitionProgress> owned) {
        Long look = nextLook;
        if (look != null && !time.isOver(look)) {
            return;
        }
        nextLook = time.after(FIRST.dividedBy(4));
        // In an order that depends on the places, and not on the hashes of this process.
        due.entrySet().stream().sorted(comparing(each -> each.getKey().text())).forEach(each -> {
            Place place = each.getKey();
            Long when = each.getValue();
            if (!place.progress().stands()) {
                due.remove(place, when);
            } else if (time.isOver(when)) {
                due.replace(place, when, time.after(EVERY));
                scheduler.submit(place.lane(), place.path(), () -> contained(place.lane(), () -> sweep(place)));
            }
        });
        // The wall clock: another process may have written the mark.
        Instant now = time.instant();
        owned.forEach(progress -> progress.ledger().staging().stream()
                .filter(left -> left.at().plus(KEPT).isBefore(now))
                .forEach(left -> discardInTurn(left, progress)));
    }

    private void discardInTurn(Staging left, PartitionProgress progress) {
        var removal = new Removal(progress, left);
        if (!queued.add(removal)) {
            return;
        }
        var lane = new Lane(left.target().destination(), left.lane());
        progress.uses(lane);
        scheduler.submit(lane, left.target().path(), () -> {
            queued.remove(removal);
            contained(lane, () -> discard(left, progress));
        });
    }

    /** Remains do no harm. A fault while removing them must not stop the work of all partitions. */
    private static void contained(Lane lane, Runnable removal) {
        try {
            removal.run();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("destination", lane.destination())
                    .setCause(e)
                    .log("Removing files of dead executions hit a fault of Waybill; the worker tries again later");
        }
    }

    private void sweep(Place place) {
        if (!place.progress().stands()) {
            return;
        }
        int removed = deliverer.sweep(place.lane(), place.directory(), names -> certainlyDead(place, names));
        if (removed > 0) {
            LOG.atInfo()
                    .addKeyValue("destination", place.lane().destination())
                    .addKeyValue("files", removed)
                    .log("The worker removed staging files of dead executions");
        }
    }

    private List<String> certainlyDead(Place place, List<String> names) {
        PartitionProgress progress = place.progress();
        List<String> abandoned = names.stream()
                .filter(name -> isNameIn(place.directory(), name))
                .filter(name -> isDead(progress, StagingNames.ofRoom(name).orElse(name)))
                .toList();
        return abandoned.isEmpty() || stillOwned(progress) ? abandoned : List.of();
    }

    private static boolean isDead(PartitionProgress progress, String name) {
        return progress.tokens().abandoned(name) && !progress.ledger().mention(name);
    }

    /** A server may list a name that no file of Waybill can have: too long, with a slash, or with a control character. */
    private static boolean isNameIn(String directory, String name) {
        try {
            return StagingNames.in(directory, name).name().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean stillOwned(PartitionProgress progress) {
        try {
            progress.proveOwned(entries);
            return true;
        } catch (OwnershipLostException e) {
            return false;
        }
    }

    /** Runs under the lane's lock of the path, so that no execution resumes from the file meanwhile. */
    private void discard(Staging left, PartitionProgress progress) {
        boolean stillThere = progress.stands() && progress.ledger()
                .staging(left.id(), left.attempt().sending())
                .filter(left::equals)
                .isPresent();
        if (stillThere && stillOwned(progress) && deliverer.discard(left)) {
            entries.accept(CommitEntry.marking(
                    progress, OptionalLong.empty(), LedgerUpdate.clear(left.id(), left.attempt().sending())));
        }
    }
}
