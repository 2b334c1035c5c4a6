package io.waybill.worker.delivery;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.RouteName;
import io.waybill.domain.Suspension;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.halt.Halt;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Puts work off that must not start now, because of a pause, a window or a blackout, and says when it may. Any thread; only
 * the polling thread calls {@link #handOut}.
 */
public final class HaltedWork {
    /**
     * When a file is tried again if nobody releases it before, and nobody knows the end. As long as the halt holds, the
     * timeout-monitor does not hand it out.
     */
    private static final Duration FALLBACK = Duration.ofHours(1);
    /** The release at the end of the halt comes first, and tries one file before it hands out all. */
    private static final Duration BEHIND_THE_RELEASE = Duration.ofMinutes(1);
    private static final Duration SPREAD = Duration.ofMinutes(10);
    /** What was put off in the moment of the end is written by then. */
    private static final Duration SECOND_CALL = Duration.ofSeconds(5);

    private final Halts halts;
    private final BiConsumer<Place, Release.Cause> releases;
    private final ProcessClock time;
    /** The work that was put off here and not released since; the value is empty while the halt holds. */
    private final Map<Lot, Optional<Long>> putOff = new ConcurrentHashMap<>();

    /** Work that starts and stops together. */
    private record Lot(RouteName route, DestinationName destination) {}

    /**
     * @param releases told that files of a place may be tried; does not wait
     */
    public HaltedWork(Halts halts, BiConsumer<Place, Release.Cause> releases, ProcessClock time) {
        this.halts = halts;
        this.releases = releases;
        this.time = time;
    }

    /** Takes a pause, or the end of one. */
    public void heard(Suspension suspension) {
        halts.heard(suspension);
    }

    /** Why an item must not start now, and when it comes back; empty if it may start. */
    Optional<Judge.Verdict.Early> of(TransferWork work) {
        Instant now = time.instant();
        Optional<Halt> halt = halts.of(work.route(), work.target().destination(), now);
        // Before the item is reported. Whatever is reported after the end of the halt, the second call finds.
        halt.ifPresent(_ -> putOff.put(new Lot(work.route(), work.target().destination()), Optional.empty()));
        return halt.map(why -> new Judge.Verdict.Early(
                why.putOff(), Optional.of(comesBack(work, why, now))));
    }

    private static Instant comesBack(TransferWork work, Halt halt, Instant now) {
        long spread = Math.floorMod(work.id().value().hashCode(), SPREAD.toMillis());
        return halt.until()
                .map(end -> end.plus(BEHIND_THE_RELEASE))
                .orElseGet(() -> now.plus(FALLBACK))
                .plusMillis(spread);
    }

    /** Says that work may start which was put off here, as soon as nothing halts it, and once more a little later. */
    public void handOut() {
        Instant now = time.instant();
        putOff.forEach((lot, ended) -> {
            if (halts.halted(lot.route(), lot.destination(), now)) {
                return;
            }
            if (ended.isEmpty()) {
                release(lot);
                putOff.replace(lot, ended, Optional.of(time.after(SECOND_CALL)));
            } else if (time.isOver(ended.get())) {
                release(lot);
                putOff.remove(lot, ended);
            }
        });
    }

    private void release(Lot lot) {
        releases.accept(new Place.Destination(lot.destination()), Release.Cause.STARTED);
    }
}
