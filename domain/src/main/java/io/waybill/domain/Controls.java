package io.waybill.domain;

import io.waybill.domain.Control.Kind;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import io.waybill.domain.Effect.GiveUp;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Report;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the workers are told that a sending is not wanted any more, and when they need not be told any longer. These rules
 * err to the side that is safe: a control may stand for longer than it is needed, until its file leaves the table, and a
 * tombstone may follow where no control is any more.
 */
public final class Controls {
    private Controls() {}

    /**
     * A move that leaves a sending without its worker's word, of which the workers are told; they are told nothing where no
     * work is out.
     *
     * @param before  the file that is left
     * @param effects what others are told beside
     */
    static Moved givingUp(FileState before, FileState after, Kind kind, Instant at, List<Effect> effects) {
        Phase phase = before.phase();
        boolean workIsOut = phase.stage() == Stage.DELIVERY
                && (phase instanceof Phase.Queued || phase instanceof Phase.Started);
        if (!workIsOut) {
            return new Moved(after, effects);
        }
        var all = new ArrayList<>(effects);
        all.add(new GiveUp(new Control(before.id(), phase.attempt().sending(), kind, at)));
        return new Moved(after.with(after.sendings().givenUp(phase.attempt())), all);
    }

    /**
     * Whether an event is the worker's last word on all the work that was given up, so that the control can go. A word on a
     * later sending is not enough, nor is one on an earlier: after a redrive to another path, they wait in different lanes.
     *
     * @param before   the state that the event met; null for a file that is not known
     * @param decision what the event led to
     */
    public static boolean released(@Nullable FileState before, FileEvent event, Decision decision) {
        if (before == null) {
            return false;
        }
        Attempt givenUp = before.sendings().givenUp();
        return givenUp != null
                && event instanceof Report report
                && report.stage() == Stage.DELIVERY
                && (report instanceof Completed || report instanceof FileEvent.Failed || report instanceof Deferred)
                && !(decision instanceof Rejected)
                && !(decision instanceof Moved(_, var effects) && effects.stream().anyMatch(GiveUp.class::isInstance))
                && report.attempt().sending() == givenUp.sending()
                && report.attempt().number() >= givenUp.number()
                // The control means the sendings before as well, and one of them may still wait in another lane.
                && before.sendings().knownBefore(givenUp.sending());
    }

    /** Whether a control may still stand for a file that leaves the table. */
    public static boolean mayStand(FileState file) {
        return file.sendings().givenUp() != null;
    }
}
