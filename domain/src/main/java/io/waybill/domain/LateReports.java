package io.waybill.domain;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Phase.Open;
import io.waybill.domain.Phase.TimedOut;
import java.util.List;

/**
 * The rules for a worker's true report about a sending that the file has left: the file was delivered, or nobody can
 * tell whether it was. Neither report may be lost. A proof ends the file. A doubt ends it FAILED as IN_DOUBT, so that
 * nothing is sent before a person has decided.
 */
final class LateReports {
    private LateReports() {}

    /** Whether only a person can say if the file was delivered. */
    static boolean inDoubt(Phase phase) {
        return phase instanceof Phase.Failed(var stage, _, var failure)
                && stage == Stage.DELIVERY
                && failure.kind() == FailureKind.IN_DOUBT;
    }

    /**
     * Whether a report proves the delivery of a file that was given up or is being sent again. The proof wins over a
     * time-out, a cancellation and a doubt of the same sending, and over any later sending.
     */
    static boolean proves(FileState file, FileEvent.Completed completed) {
        int reported = completed.attempt().sending();
        if (completed.receipt() == null || !undelivered(file) || file.sendings().delivered(reported)) {
            return false;
        }
        int current = file.phase().attempt().sending();
        if (reported != current) {
            return reported < current;
        }
        return switch (file.phase()) {
            case TimedOut _ -> true;
            case Phase.Failed(_, _, var failure) ->
                failure.kind() == FailureKind.CANCELLED || failure.kind() == FailureKind.IN_DOUBT;
            case Open _, Phase.Completed _ -> false;
        };
    }

    /** Whether the delivery that was asked for last is not proven yet. A resend leaves the receipt of the one before. */
    private static boolean undelivered(FileState file) {
        return file.phase().stage() == Stage.DELIVERY && (file.receipt() == null || file.resent());
    }

    /**
     * Whether a report proves that a file, which is delivered, was delivered by another sending as well. A resend must
     * know it, or the worker would skip the resend for that delivery.
     */
    static boolean provesAnother(FileState file, FileEvent.Completed completed) {
        int reported = completed.attempt().sending();
        return completed.receipt() != null
                && file.receipt() != null
                && !file.resent()
                && reported <= file.lastSending()
                && !file.deliveredBy().contains(reported);
    }

    /** Whether a report is a doubt about another attempt than the current one of an open file. */
    static boolean doubts(FileState file, FileEvent.Failed failed) {
        boolean ofTheMoment =
                file.phase() instanceof Open && file.phase().attempt().equals(failed.attempt());
        return failed.stage() == Stage.DELIVERY
                && failed.failure().kind() == FailureKind.IN_DOUBT
                && !ofTheMoment;
    }

    /** The decision about such a doubt. Under {@code onUnknownOutcome: resend} it does not end an open file. */
    static Decision doubted(FileState file, FileEvent.Failed failed) {
        int sending = failed.attempt().sending();
        int current = file.phase().attempt().sending();
        if (!undelivered(file) || sending > current) {
            return new Ignored("the doubt is about " + failed.stage() + " " + failed.attempt() + ", the file is "
                    + file.status() + " at " + file.phase().stage() + " " + file.phase().attempt());
        }
        if (!file.sendings().news(sending)) {
            return new Ignored("what became of sending " + sending + " is decided already");
        }
        return switch (file.phase()) {
            case Open _ -> failed.resend() ? new Ignored("the file is being sent again") : inDoubt(file, failed);
            case TimedOut _ -> inDoubt(file, failed);
            case Phase.Failed(_, _, var failure) ->
                switch (failure.kind()) {
                    case IN_DOUBT ->
                        // At another target it is another question to another partner.
                        file.sendings().unheard().contains(sending)
                                ? inDoubt(file, failed)
                                : new Ignored("the file is in doubt already");
                    case CANCELLED -> inDoubt(file, failed);
                    default ->
                        sending < current
                                ? inDoubt(file, failed)
                                : new Ignored("the file has " + described(file.phase()) + " since");
                };
            case Phase.Completed _ -> new Ignored("the file is " + file.status());
        };
    }

    private static Decision inDoubt(FileState file, FileEvent.Failed failed) {
        Attempt current = file.phase().attempt();
        int sending = failed.attempt().sending();
        String of = sending == current.sending() ? "" : "sending " + sending + ": ";
        String before = file.phase() instanceof Phase.Failed(_, _, var other) && inDoubt(file.phase())
                ? "; " + other.detail()
                : "";
        var failure = new Failure(FailureKind.IN_DOUBT, of + failed.failure().detail() + before);
        Attempt following = sending < current.sending() && !ended(file.phase()) ? current : null;
        FileState next = file.moved(new Phase.Failed(Stage.DELIVERY, current, failure), failed.at())
                .with(file.sendings().doubted(sending, following));
        // The work of a newer sending must not start while the outcome of the older one is unknown.
        return Controls.givingUp(file, next, Control.Kind.CANCELLED, failed.at(), List.of());
    }

    /** Whether a worker has reported how the current sending ended. */
    private static boolean ended(Phase phase) {
        return phase instanceof Phase.Failed(_, _, var failure) && failure.kind() != FailureKind.CANCELLED;
    }

    /**
     * The file with its sending settled, because a worker has reported its end. A sending is settled only if all before
     * it are: for one that was given up and not reported since, a doubt may still come.
     */
    static FileState settled(FileState file, Open open, Failure failure) {
        int sending = open.attempt().sending();
        boolean known = open.stage() == Stage.DELIVERY
                && failure.kind() != FailureKind.IN_DOUBT
                && failure.kind() != FailureKind.CANCELLED;
        return known && file.settledSendings() == sending - 1 ? file.with(file.sendings().settledUpTo(sending)) : file;
    }

    static String described(Phase phase) {
        return phase instanceof Phase.Failed(_, _, var failure)
                ? phase.status() + " as " + failure.kind()
                : phase.status().name();
    }
}
