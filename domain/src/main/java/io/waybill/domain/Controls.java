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
 * Decides when the workers learn that a sending is no longer wanted, and when that control can go. These rules err to
 * the safe side. A control may exist longer than it is needed, until its file leaves the table. A tombstone may follow
 * where no control exists any more.
 */
public final class Controls {
    private Controls() {}

    /**
     * A move that leaves a sending before its worker has reported. It adds the control for the workers, but only if
     * work for the sending is out.
     *
     * @param before  the file as it was
     * @param effects what others must hear beside the control
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
     * Whether an event is the worker's last report on all the work that was given up, so that the control can go. A
     * report on a later sending is not enough, nor on an earlier one: after a redrive to another path, the two wait in
     * different lanes.
     *
     * @param before   the state that the event met; null for an unknown file
     * @param decision the decision about the event
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
                // The control also means the sendings before. One of them may still wait in another lane.
                && before.sendings().knownBefore(givenUp.sending());
    }

    /**
     * Whether a control may still exist for a file that leaves the table. The states that the version before writes do
     * not contain what the workers were told. So only a file that was delivered at its first sending, and in time,
     * certainly never had a control.
     */
    public static boolean mayStand(FileState file) {
        boolean atOnce = file.phase() instanceof Phase.Completed(var stage, var attempt, var late)
                && stage == Stage.DELIVERY
                && attempt.sending() == 1
                && !late;
        return file.sendings().givenUp() != null || (file.target() != null || file.forgotten()) && !atOnce;
    }
}
