package io.waybill.domain;

import io.waybill.domain.Control.Kind;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import io.waybill.domain.Effect.GiveUp;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Report;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the workers are told that a sending is not wanted any more, and when they need not be told any longer. A state does
 * not say whether a {@link Control} stands for its file. So these rules err to the side that is safe: a control may stand
 * for longer than it is needed, until its file leaves the table, and a tombstone may follow where no control was.
 */
public final class Controls {
    private Controls() {}

    /** What the workers are told when a file leaves its sending without their word; nothing where no work is out. */
    static List<Effect> giveUp(FileState file, Kind kind, Instant at) {
        Phase phase = file.phase();
        boolean workIsOut = phase.stage() == Stage.DELIVERY
                && (phase instanceof Phase.Queued || phase instanceof Phase.Started);
        return workIsOut
                ? List.of(new GiveUp(new Control(file.id(), phase.attempt().sending(), kind, at)))
                : List.of();
    }

    /**
     * Whether an event is the worker's last word on the work that was given up, so that the control can go.
     *
     * @param before   the state that the event met; null for a file that is not known
     * @param decision what the event led to
     */
    public static boolean released(@Nullable FileState before, FileEvent event, Decision decision) {
        return before != null
                && event instanceof Report report
                && report.stage() == Stage.DELIVERY
                && (report instanceof Completed || report instanceof FileEvent.Failed || report instanceof Deferred)
                && !(decision instanceof Rejected)
                && !(decision instanceof Moved(_, var effects) && effects.stream().anyMatch(GiveUp.class::isInstance))
                && endsGivenUp(before.phase(), report.attempt())
                // The control means the sendings before as well, and one of them may still wait in another lane.
                && (report.attempt().sending() == 1 || before.settledSendings() >= report.attempt().sending() - 1);
    }

    /**
     * Whether the attempt is the one that was given up, as far as the phase tells. A word on a later sending is not enough:
     * after a redrive to another path, the two wait in different lanes.
     */
    private static boolean endsGivenUp(Phase phase, Attempt attempt) {
        int sending = attempt.sending();
        int current = phase.attempt().sending();
        return switch (phase) {
            case Phase.TimedOut _ -> attempt.compareTo(phase.attempt()) >= 0;
            case Phase.Failed(_, _, var failure) when givesUp(failure) -> attempt.compareTo(phase.attempt()) >= 0;
            // The one that was delivered after all, or one that had followed it, was given up.
            case Phase.Completed(var stage, _, var late) when late && stage == Stage.DELIVERY -> sending >= current;
            case Phase.Open _, Phase.Failed _,Phase.Completed _ ->
                phase.stage() == Stage.DELIVERY
                        ? sending == current - 1
                        : sending >= current - 1 && current > 1;
        };
    }

    /** Whether a control may still stand for a file that leaves the table. */
    public static boolean mayStand(FileState file) {
        Phase phase = file.phase();
        if (phase.attempt().sending() > 1) {
            return true;
        }
        return phase.stage() == Stage.DELIVERY && switch (phase) {
            case Phase.TimedOut _ -> true;
            case Phase.Failed(_, _, var failure) -> givesUp(failure);
            case Phase.Completed completed -> completed.late();
            case Phase.Open _ -> false;
        };
    }

    private static boolean givesUp(Failure failure) {
        return failure.kind() == FailureKind.CANCELLED || failure.kind() == FailureKind.IN_DOUBT;
    }
}
