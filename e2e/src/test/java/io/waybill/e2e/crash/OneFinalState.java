package io.waybill.e2e.crash;

import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Status;
import java.util.List;
import java.util.stream.Stream;

/**
 * Legal: PENDING, STARTED, COMPLETED. Legal: PENDING, TIMED_OUT, COMPLETED late, for the truth wins; PENDING, CANCELLED,
 * IN_DOUBT, for a doubt outlives a cancellation. Legal: PENDING, FAILED, and the same again in the next sending.
 * Illegal: PENDING, COMPLETED, COMPLETED. Illegal: PENDING, STARTED, and then nothing. Illegal: PENDING, FAILED, PENDING in
 * the same sending.
 */
final class OneFinalState implements Checker {
    @Override
    public String promise() {
        return "every accepted file reaches exactly one final state, and one more for each redrive or resend";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        // An older version that was gone before anybody asked for it is no file.
        if (!file.accepted() || (file.states().isEmpty() && file.isReplaced())) {
            return Stream.empty();
        }
        if (file.states().isEmpty() || !file.states().getLast().status().terminal()) {
            return Stream.of("it has no final state");
        }
        List<FileState> states = file.states();
        Stream.Builder<String> faults = Stream.builder();
        for (int i = 1; i < states.size(); i++) {
            FileState before = states.get(i - 1);
            FileState after = states.get(i);
            boolean resent = file.resends() > 0 && after.resent() && before.status() == Status.COMPLETED;
            if (before.status().terminal()
                    && !resent
                    && !notes(before, after)
                    && !follows(before.phase(), after.phase())) {
                faults.add("a final state, " + before.phase() + ", was followed by " + after.phase());
            }
        }
        return faults.build();
    }

    /** Whether the only news is that another sending delivered it as well. */
    private static boolean notes(FileState before, FileState after) {
        return after.phase().equals(before.phase())
                && after.sendings().deliveries().sendings().size() > before.sendings().deliveries().sendings().size();
    }

    private static boolean follows(Phase before, Phase after) {
        boolean late = after instanceof Phase.Completed(_, _, boolean isLate) && isLate;
        return !(before instanceof Phase.Completed)
                && switch (after) {
                    case Phase.Open _ -> !isDoubt(before) && after.attempt().sending() > before.attempt().sending();
                    case Phase.Completed _ -> late;
                    case Phase.Failed _ -> isDoubt(after) && !isDoubt(before);
                    case Phase.TimedOut _ -> false;
                };
    }

    private static boolean isDoubt(Phase phase) {
        return phase instanceof Phase.Failed(_, _, var failure) && failure.kind() == FailureKind.IN_DOUBT;
    }
}
