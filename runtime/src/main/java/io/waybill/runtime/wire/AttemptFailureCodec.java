package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Setback;
import io.waybill.domain.Stage;
import java.util.List;

/** {@link Setback} as the record within {@code DeadLetter.avsc}. */
final class SetbackCodec {
    private static final io.waybill.avro.Setback EMPTY = io.waybill.avro.Setback.newBuilder().build();

    private SetbackCodec() {}

    static List<io.waybill.avro.Setback> toWire(List<Setback> history) {
        return history.stream().map(SetbackCodec::toWire).toList();
    }

    private static io.waybill.avro.Setback toWire(Setback setback) {
        var wire = io.waybill.avro.Setback.newBuilder(EMPTY)
                .setKind(symbol(io.waybill.avro.SetbackKind.class, setback.kind()))
                .setAt(millis(setback.at()))
                .setStage(symbol(io.waybill.avro.Stage.class, setback.stage()))
                .setSending(setback.attempt().sending())
                .setAttempt(setback.attempt().number())
                .setNext(setback.next() == null ? null : millis(setback.next()))
                .setTimes(setback.times());
        if (setback.failure() != null) {
            wire.setFailure(symbol(io.waybill.avro.FailureKind.class, setback.failure().kind()))
                    .setDetail(setback.failure().detail());
        }
        return wire.build();
    }

    static List<Setback> fromWire(List<io.waybill.avro.Setback> history) {
        return history.stream().map(SetbackCodec::fromWire).toList();
    }

    private static Setback fromWire(io.waybill.avro.Setback wire) {
        return new Setback(
                symbol(Setback.Kind.class, wire.getKind()),
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
