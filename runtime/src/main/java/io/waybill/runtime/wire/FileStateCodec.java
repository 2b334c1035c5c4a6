package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.WaitCause;
import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Phase.Completed;
import io.waybill.domain.Phase.Failed;
import io.waybill.domain.Phase.Queued;
import io.waybill.domain.Phase.Started;
import io.waybill.domain.Phase.TimedOut;
import io.waybill.domain.Phase.Waiting;
import io.waybill.domain.RouteName;
import io.waybill.domain.Sendings;
import io.waybill.domain.Stage;

/** {@link FileState} as the flat record of {@code FileState.avsc}. */
final class FileStateCodec implements Codec<FileState, io.waybill.avro.FileState> {
    private static final io.waybill.avro.FileState EMPTY = io.waybill.avro.FileState.newBuilder().build();

    @Override
    public Class<io.waybill.avro.FileState> wireType() {
        return io.waybill.avro.FileState.class;
    }

    @Override
    public io.waybill.avro.FileState toWire(FileState file) {
        var wire = io.waybill.avro.FileState.newBuilder(EMPTY)
                .setFileId(file.id().value())
                .setRoute(file.route().value())
                .setStatus(symbol(io.waybill.avro.Status.class, file.status()))
                .setStage(symbol(io.waybill.avro.Stage.class, file.phase().stage()))
                .setSending(file.phase().attempt().sending())
                .setAttempt(file.phase().attempt().number())
                .setVersion(file.version())
                .setArrivedAt(millis(file.arrivedAt()))
                .setChangedAt(millis(file.changedAt()))
                .setSince(millis(file.since()))
                .setLane(file.lane())
                .setClaimableSince(file.claimableSince() == null ? null : millis(file.claimableSince()))
                .setOnConflict(
                        file.onConflict() == null
                                ? null
                                : symbol(io.waybill.avro.ConflictPolicy.class, file.onConflict()))
                .setAttemptFailures(AttemptFailureCodec.toWire(file.failures()))
                .setAttemptFailuresDropped(file.failures().dropped());
        write(file.sendings(), wire);
        write(file.phase(), wire);
        var record = wire.build();
        Parts.write(file.source(), record);
        Parts.write(file.target(), record);
        Parts.write(file.receipt(), record);
        return record;
    }

    private static void write(Sendings sendings, io.waybill.avro.FileState.Builder wire) {
        Attempt givenUp = sendings.givenUp();
        wire.setSettledSendings(sendings.settled())
                .setToldSettledSendings(sendings.told())
                .setUnheardSendings(sendings.unheard())
                .setGivenUpSending(givenUp == null ? null : givenUp.sending())
                .setGivenUpAttempt(givenUp == null ? null : givenUp.number())
                .setDeliveredSendings(sendings.deliveries().sendings())
                .setLastSending(sendings.deliveries().last())
                .setAnnounceAgain(sendings.deliveries().announce());
    }

    private static Sendings sendings(io.waybill.avro.FileState wire) {
        Integer told = wire.getToldSettledSendings();
        Integer givenUp = wire.getGivenUpSending();
        return new Sendings(
                wire.getSettledSendings(),
                told == null ? wire.getSettledSendings() : told,
                wire.getUnheardSendings(),
                givenUp == null ? null : new Attempt(givenUp, there("givenUpAttempt", wire.getGivenUpAttempt())),
                new Sendings.Deliveries(
                        wire.getDeliveredSendings(), wire.getLastSending(), wire.getAnnounceAgain()));
    }

    private static void write(Phase phase, io.waybill.avro.FileState.Builder wire) {
        switch (phase) {
            case Queued queued -> wire.setClaimBy(millis(queued.claimBy()));
            case Waiting waiting -> {
                wire.setClaimBy(millis(waiting.claimBy())).setDue(millis(waiting.due()));
                wire.setWaitsAfter(symbol(WaitCause.class, waiting.cause()));
                write(waiting.reason(), wire);
            }
            case Started started ->
                wire.setClaimBy(millis(started.claimBy()))
                        .setFinishBy(millis(started.finishBy()))
                        .setHeartbeatBy(started.heartbeatBy() == null ? null : millis(started.heartbeatBy()))
                        .setBy(started.by())
                        .setClaimId(started.claimId());
            case Completed completed -> wire.setLate(completed.late());
            case Failed failed -> write(failed.failure(), wire);
            case TimedOut timedOut ->
                wire.setDeadline(symbol(io.waybill.avro.DeadlineKind.class, timedOut.kind()));
        }
    }

    private static void write(Failure failure, io.waybill.avro.FileState.Builder wire) {
        wire.setFailure(symbol(io.waybill.avro.FailureKind.class, failure.kind())).setDetail(failure.detail());
    }

    @Override
    public FileState fromWire(io.waybill.avro.FileState wire) {
        return new FileState(
                new FileId(wire.getFileId()),
                new RouteName(wire.getRoute()),
                Parts.source(wire),
                Parts.target(wire),
                wire.getLane(),
                phase(wire),
                Parts.receipt(wire),
                wire.getVersion(),
                wire.getArrivedAt(),
                wire.getChangedAt(),
                // An earlier version wrote no such instant: this is the nearest known one.
                wire.getSince() == null ? wire.getChangedAt() : wire.getSince(),
                sendings(wire),
                wire.getClaimableSince(),
                wire.getOnConflict() == null ? null : symbol(ConflictPolicy.class, wire.getOnConflict()),
                AttemptFailureCodec.fromWire(wire.getAttemptFailures(), wire.getAttemptFailuresDropped()));
    }

    private static Phase phase(io.waybill.avro.FileState wire) {
        Stage stage = symbol(Stage.class, wire.getStage());
        var attempt = new Attempt(wire.getSending(), wire.getAttempt());
        return switch (wire.getStatus()) {
            case PENDING ->
                wire.getDue() == null
                        ? new Queued(stage, attempt, there("claimBy", wire.getClaimBy()))
                        : new Waiting(
                                stage,
                                attempt,
                                there("claimBy", wire.getClaimBy()),
                                wire.getDue(),
                                cause(wire),
                                failure(wire));
            case STARTED ->
                new Started(
                        stage,
                        attempt,
                        there("claimBy", wire.getClaimBy()),
                        there("finishBy", wire.getFinishBy()),
                        wire.getHeartbeatBy(),
                        there("by", wire.getBy()),
                        wire.getClaimId());
            case COMPLETED -> new Completed(stage, attempt, wire.getLate());
            case FAILED -> new Failed(stage, attempt, failure(wire));
            case TIMED_OUT -> new TimedOut(stage, attempt, symbol(DeadlineKind.class, wire.getDeadline()));
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the status of the file");
        };
    }

    private static Waiting.Cause cause(io.waybill.avro.FileState wire) {
        if (wire.getWaitsAfter() != null) {
            return symbol(Waiting.Cause.class, wire.getWaitsAfter());
        }
        // An earlier version wrote no cause. After a failure, the window of the next attempt opens when that attempt is
        // due. A deferral leaves open the window that is open.
        boolean failed = wire.getAttempt() > 1
                && wire.getDue().equals(wire.getSince())
                && wire.getDue().isAfter(wire.getChangedAt());
        return failed ? Waiting.Cause.FAILURE : Waiting.Cause.DEFERRAL;
    }

    private static Failure failure(io.waybill.avro.FileState wire) {
        return new Failure(symbol(FailureKind.class, wire.getFailure()), there("detail", wire.getDetail()));
    }
}
