package io.waybill.runtime.explain;

import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.runtime.api.explain.WhyAnswer;
import io.waybill.runtime.api.explain.WhyAnswer.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts one {@link WhyAnswer} together. For one thread. */
final class Words {
    private final FileState file;
    private final List<Command> commands = new ArrayList<>();
    private String waitsFor = "";
    private Instant since;
    private @Nullable String next;
    private @Nullable Instant at;
    private @Nullable String otherwise;
    private @Nullable Instant otherwiseAt;
    private @Nullable String advice;

    Words(FileState file) {
        this.file = file;
        since = file.changedAt();
    }

    Words waitsFor(String what) {
        waitsFor = what;
        return this;
    }

    Words since(Instant instant) {
        since = instant;
        return this;
    }

    /** What follows when somebody does something. */
    Words next(String what) {
        next = what;
        at = null;
        return this;
    }

    /** What follows by the clock. */
    Words next(String what, Instant when) {
        next = what;
        at = when;
        return this;
    }

    /** The deadline that ends the wait. */
    Words otherwise(Phase.Open phase) {
        boolean started = phase instanceof Phase.Started;
        otherwise = FileExplainer.end(started ? DeadlineKind.UNFINISHED : DeadlineKind.UNCLAIMED);
        otherwiseAt = started ? phase.deadline().at() : phase.claimBy();
        return this;
    }

    Words advice(FailureKind kind) {
        advice = FailureAdvice.of(kind).orElse(null);
        return this;
    }

    Words advice(String text) {
        advice = text;
        return this;
    }

    Words command(String arguments, String effect) {
        commands.add(new Command("./waybill " + arguments, effect));
        return this;
    }

    WhyAnswer answer() {
        return new WhyAnswer(
                file.id().value(),
                file.status().name(),
                waitsFor,
                since.toString(),
                next,
                at == null ? null : at.toString(),
                otherwise,
                otherwiseAt == null ? null : otherwiseAt.toString(),
                advice,
                commands);
    }
}
