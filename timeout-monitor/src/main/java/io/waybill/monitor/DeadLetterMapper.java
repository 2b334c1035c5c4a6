package io.waybill.monitor;

import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Makes the dead letter of a file that was given up, from the file's state. */
final class DeadLetterMapper {
    private DeadLetterMapper() {}

    /**
     * Returns the letter of a state.
     *
     * @param file   FAILED or TIMED_OUT
     * @param former the failures that a monitor of the previous version noted for the file, oldest first
     */
    static DeadLetter.GivenUp letter(FileState file, List<AttemptFailure> former) {
        String reason =
                switch (file.phase()) {
                    case Phase.Failed failed -> reason(file, failed);
                    case Phase.TimedOut timedOut -> reason(timedOut);
                    case Phase.Open _, Phase.Completed _ ->
                        throw new IllegalArgumentException("no letter is written of a file that is " + file.status());
                };
        AttemptFailures history = history(file, former);
        return new DeadLetter.GivenUp(history.equals(file.failures()) ? file : file.with(history), reason);
    }

    private static AttemptFailures history(FileState file, List<AttemptFailure> former) {
        AttemptFailures told = file.failures();
        if (told.all().isEmpty()) {
            // A state-processor of the previous version wrote this state. It contains only the failure that ended the
            // file.
            AttemptFailure end = Objects.requireNonNull(AttemptFailure.of(file), "what ended the file");
            return new AttemptFailures(former, 0).plus(end);
        }
        if (former.isEmpty() || told.dropped() > 0) {
            return told;
        }
        // Where both have the same failures, the state has more details.
        Instant begins = told.all().getFirst().from();
        List<AttemptFailure> before =
                former.stream().filter(failure -> failure.until().isBefore(begins)).toList();
        var whole = new AttemptFailures(before, 0);
        for (AttemptFailure failure : told.all()) {
            whole = whole.plus(failure);
        }
        return whole;
    }

    private static String reason(FileState file, Phase.Failed failed) {
        boolean inDoubt = failed.stage() == Stage.DELIVERY && failed.failure().kind() == FailureKind.IN_DOUBT;
        // This may be the second letter about the file, after a letter that spoke of a redrive. Nobody must overlook
        // it.
        return inDoubt
                ? failed.failure() + "; ask the partner, then ./waybill resolve " + file.id()
                        + " --delivered | --resend"
                : failed.failure().toString();
    }

    private static String reason(Phase.TimedOut timedOut) {
        return switch (timedOut.kind()) {
            case UNCLAIMED -> "nobody took up " + timedOut.stage() + " " + timedOut.attempt() + " in time";
            case UNFINISHED -> "nobody reported the end of " + timedOut.stage() + " " + timedOut.attempt() + " in time";
            case RETRY_DUE -> throw new IllegalStateException("a due retry is no time-out");
        };
    }
}
