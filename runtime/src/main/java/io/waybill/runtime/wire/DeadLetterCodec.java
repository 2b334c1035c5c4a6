package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.DeadLetterType;
import io.waybill.domain.Attempt;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadLetter.GivenUp;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link DeadLetter} as the flat record of {@code DeadLetter.avsc}. */
final class DeadLetterCodec implements Codec<DeadLetter, io.waybill.avro.DeadLetter> {
    private static final io.waybill.avro.DeadLetter EMPTY = io.waybill.avro.DeadLetter.newBuilder().build();

    @Override
    public Class<io.waybill.avro.DeadLetter> wireType() {
        return io.waybill.avro.DeadLetter.class;
    }

    @Override
    public io.waybill.avro.DeadLetter toWire(DeadLetter letter) {
        var wire = io.waybill.avro.DeadLetter.newBuilder(EMPTY)
                .setAt(millis(letter.at()))
                .setReason(letter.reason());
        switch (letter) {
            case GivenUp(var file, _) -> write(file, wire.setType(DeadLetterType.FILE));
            case Poison poison ->
                wire.setType(DeadLetterType.RECORD)
                        .setOrigin(poison.origin())
                        .setRawKey(ByteBuffer.wrap(poison.key()))
                        .setRawValue(ByteBuffer.wrap(poison.value()))
                        .setHeaders(poison.headers());
        }
        var record = wire.build();
        if (letter instanceof GivenUp(var file, _)) {
            Parts.write(file.source(), record);
            Parts.write(file.target(), record);
            Parts.write(file.receipt(), record);
        }
        return record;
    }

    private static void write(FileState file, io.waybill.avro.DeadLetter.Builder wire) {
        wire.setFileId(file.id().value())
                .setRoute(file.route().value())
                .setStatus(symbol(io.waybill.avro.Status.class, file.status()))
                .setStage(symbol(io.waybill.avro.Stage.class, file.phase().stage()))
                .setSending(file.phase().attempt().sending())
                .setAttempt(file.phase().attempt().number())
                .setVersion(file.version())
                .setArrivedAt(millis(file.arrivedAt()))
                .setLane(file.lane())
                .setHistory(AttemptFailureCodec.toWire(file.failures()))
                .setHistoryDropped(file.failures().dropped())
                .setRedrive(command(file));
        switch (file.phase()) {
            case Phase.Failed failed ->
                wire.setFailure(symbol(
                        io.waybill.avro.FailureKind.class, failed.failure().kind()))
                        .setDetail(failed.failure().detail());
            case Phase.TimedOut timedOut ->
                wire.setDeadline(symbol(io.waybill.avro.DeadlineKind.class, timedOut.kind()));
            case Phase.Open _, Phase.Completed _ ->
                throw new IllegalArgumentException("only a FAILED or TIMED_OUT file is a dead letter, this one is "
                        + file.status() + ": " + file.id());
        }
    }

    /** Resolving without an answer only asks. A person must decide whether to send again. */
    private static String command(FileState file) {
        boolean inDoubt = file.phase() instanceof Phase.Failed(var stage, _, var failure)
                && stage == Stage.DELIVERY
                && failure.kind() == FailureKind.IN_DOUBT;
        return "./waybill " + (inDoubt ? "resolve " : "redrive ") + file.id();
    }

    @Override
    public DeadLetter fromWire(io.waybill.avro.DeadLetter wire) {
        return switch (wire.getType()) {
            case FILE -> new GivenUp(file(wire), wire.getReason());
            case RECORD ->
                new Poison(
                        wire.getAt(),
                        there("origin", wire.getOrigin()),
                        bytes(wire.getRawKey()),
                        bytes(wire.getRawValue()),
                        wire.getHeaders(),
                        wire.getReason());
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the type of the letter");
        };
    }

    private static FileState file(io.waybill.avro.DeadLetter wire) {
        return new FileState(
                new FileId(there("fileId", wire.getFileId())),
                new RouteName(there("route", wire.getRoute())),
                Parts.source(wire),
                Parts.target(wire),
                wire.getLane(),
                phase(wire),
                Parts.receipt(wire),
                there("version", wire.getVersion()),
                there("arrivedAt", wire.getArrivedAt()),
                wire.getAt())
                .with(AttemptFailureCodec.fromWire(wire.getHistory(), wire.getHistoryDropped()));
    }

    private static Phase phase(io.waybill.avro.DeadLetter wire) {
        Stage stage = symbol(Stage.class, wire.getStage());
        var attempt = new Attempt(there("sending", wire.getSending()), there("attempt", wire.getAttempt()));
        return switch (there("status", wire.getStatus())) {
            case FAILED ->
                new Phase.Failed(
                        stage,
                        attempt,
                        new Failure(symbol(FailureKind.class, wire.getFailure()), there("detail", wire.getDetail())));
            case TIMED_OUT -> new Phase.TimedOut(stage, attempt, symbol(DeadlineKind.class, wire.getDeadline()));
            case PENDING, STARTED, COMPLETED, UNKNOWN ->
                throw new IllegalArgumentException("no dead letter is about a file that is " + wire.getStatus());
        };
    }

    private static byte[] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return new byte[0];
        }
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
