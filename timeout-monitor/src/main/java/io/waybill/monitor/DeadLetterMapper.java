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

/** Makes the letter of a file that was given up from its state. */
final class DeadLetterMapper {
    private DeadLetterMapper() {}

    /**
     * The letter of a state.
     *
     * @param file   FAILED or TIMED_OUT
     * @param former what the monitor of the version before noted of the file, oldest first
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
            // A state-processor of the version before wrote it: all that it tells is what ended the file.
            AttemptFailure end = Objects.requireNonNull(AttemptFailure.of(file), "what ended the file");
            return new AttemptFailures(former, 0).plus(end);
        }
        if (former.isEmpty() || told.dropped() > 0) {
            return told;
        }
        // Of what both know, the state tells more.
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
        // It may be the second letter about the file, after one that spoke of a redrive: this one must not be overlooked.
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
