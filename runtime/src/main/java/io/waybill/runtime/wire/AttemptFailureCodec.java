package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.Setback;
import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Stage;
import java.util.List;

/** {@link AttemptFailure} as the record {@code Setback} within {@code FileState.avsc} and {@code DeadLetter.avsc}. */
final class AttemptFailureCodec {
    private static final Setback EMPTY = Setback.newBuilder().build();

    private AttemptFailureCodec() {}

    static List<Setback> toWire(AttemptFailures failures) {
        return failures.all().stream().map(AttemptFailureCodec::toWire).toList();
    }

    private static Setback toWire(AttemptFailure failure) {
        var wire = Setback.newBuilder(EMPTY)
                .setKind(symbol(io.waybill.avro.SetbackKind.class, failure.kind()))
                .setFrom(millis(failure.from()))
                .setAt(millis(failure.until()))
                .setStage(symbol(io.waybill.avro.Stage.class, failure.stage()))
                .setSending(failure.attempt().sending())
                .setAttempt(failure.attempt().number())
                .setNext(failure.next() == null ? null : millis(failure.next()))
                .setTimes(failure.count());
        if (failure.failure() != null) {
            wire.setFailure(symbol(io.waybill.avro.FailureKind.class, failure.failure().kind()))
                    .setDetail(failure.failure().detail());
        }
        return wire.build();
    }

    static AttemptFailures fromWire(List<Setback> failures, int dropped) {
        return failures.isEmpty() && dropped == 0
                ? AttemptFailures.NONE
                : new AttemptFailures(
                        failures.stream().map(AttemptFailureCodec::fromWire).toList(), dropped);
    }

    private static AttemptFailure fromWire(Setback wire) {
        return new AttemptFailure(
                symbol(AttemptFailure.Kind.class, wire.getKind()),
                // An earlier version wrote no such instant: of several in a row, only the last is known.
                wire.getFrom() == null ? wire.getAt() : wire.getFrom(),
                wire.getAt(),
                symbol(Stage.class, wire.getStage()),
                new Attempt(wire.getSending(), wire.getAttempt()),
                wire.getFailure() == null
                        ? null
                        : new Failure(
                                symbol(FailureKind.class, wire.getFailure()), there("detail", wire.getDetail())),
                wire.getNext(),
                wire.getTimes());
    }
}
