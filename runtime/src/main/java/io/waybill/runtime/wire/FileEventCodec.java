package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.EventType;
import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Failed;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.Report;
import io.waybill.domain.FileEvent.Request;
import io.waybill.domain.FileEvent.ResendRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.FileId;
import io.waybill.domain.Milestone;
import io.waybill.domain.Resolution;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** {@link FileEvent} as the flat record of {@code FileEvent.avsc}. */
final class FileEventCodec implements Codec<FileEvent, io.waybill.avro.FileEvent> {
    private static final io.waybill.avro.FileEvent EMPTY = io.waybill.avro.FileEvent.newBuilder().build();

    @Override
    public Class<io.waybill.avro.FileEvent> wireType() {
        return io.waybill.avro.FileEvent.class;
    }

    @Override
    public io.waybill.avro.FileEvent toWire(FileEvent event) {
        var wire = io.waybill.avro.FileEvent.newBuilder(EMPTY)
                .setFileId(event.id().value())
                .setAt(millis(event.at()));
        if (event instanceof Report report) {
            wire.setStage(symbol(io.waybill.avro.Stage.class, report.stage()))
                    .setSending(report.attempt().sending())
                    .setAttempt(report.attempt().number());
        }
        if (event instanceof Request request) {
            wire.setSending(request.sending()).setBy(request.by()).setReason(request.reason());
        }
        switch (event) {
            case Arrived arrived -> wire.setType(EventType.ARRIVED).setRoute(arrived.route().value());
            case Started started ->
                wire.setType(EventType.STARTED).setBy(started.by()).setClaimId(started.claimId());
            case Heartbeat heartbeat -> wire.setType(EventType.HEARTBEAT).setBy(heartbeat.by());
            case Completed completed -> wire.setType(EventType.COMPLETED).setSteps(milestones(completed.milestones()));
            case Failed failed ->
                wire.setType(EventType.FAILED)
                        .setFailure(symbol(
                                io.waybill.avro.FailureKind.class, failed.failure().kind()))
                        .setDetail(failed.failure().detail())
                        .setSteps(milestones(failed.milestones()))
                        .setResend(failed.resend());
            case Deferred deferred ->
                wire.setType(EventType.DEFERRED)
                        .setUntil(millis(deferred.until()))
                        .setFailure(symbol(
                                io.waybill.avro.FailureKind.class, deferred.reason().kind()))
                        .setReason(deferred.reason().detail());
            case DeadlineReached reached ->
                wire.setType(EventType.DEADLINE_REACHED)
                        .setDeadline(symbol(io.waybill.avro.DeadlineKind.class, reached.kind()))
                        .setStateVersion(reached.stateVersion())
                        .setBy(reached.asked() == null ? null : reached.asked().by())
                        .setReason(reached.asked() == null ? null : reached.asked().reason());
            case RedriveRequested _ -> wire.setType(EventType.REDRIVE_REQUESTED);
            // Types of their own would become dead letters of an earlier version. It ignores these.
            case ResendRequested resend ->
                wire.setType(EventType.REDRIVE_REQUESTED).setDelivered(true).setAnnounce(resend.announce());
            case CancelRequested _ -> wire.setType(EventType.CANCEL_REQUESTED);
            case ForgetRequested _ -> wire.setType(EventType.CANCEL_REQUESTED).setForget(true);
            case ResolveRequested resolve ->
                wire.setType(EventType.RESOLVE_REQUESTED)
                        .setResolution(symbol(io.waybill.avro.Resolution.class, resolve.resolution()));
        }
        var record = wire.build();
        if (event instanceof Arrived arrived) {
            Parts.write(arrived.source(), record);
        }
        if (event instanceof Completed completed) {
            Parts.write(completed.receipt(), record);
        }
        return record;
    }

    @Override
    public FileEvent fromWire(io.waybill.avro.FileEvent wire) {
        var id = new FileId(wire.getFileId());
        Instant at = Parts.time("at", wire.getAt());
        return switch (wire.getType()) {
            case ARRIVED ->
                new Arrived(
                        id,
                        at,
                        new RouteName(there("route", wire.getRoute())),
                        Parts.source(wire));
            case STARTED ->
                new Started(id, at, stage(wire), attempt(wire), there("by", wire.getBy()), wire.getClaimId());
            case HEARTBEAT -> new Heartbeat(id, at, stage(wire), attempt(wire), there("by", wire.getBy()));
            case COMPLETED ->
                new Completed(
                        id,
                        at,
                        stage(wire),
                        attempt(wire),
                        stage(wire) == Stage.DELIVERY ? Parts.receipt(wire) : null,
                        milestones(wire));
            case FAILED ->
                new Failed(
                        id,
                        at,
                        stage(wire),
                        attempt(wire),
                        new Failure(symbol(FailureKind.class, wire.getFailure()), there("detail", wire.getDetail())),
                        milestones(wire),
                        wire.getResend());
            case DEFERRED ->
                new Deferred(
                        id,
                        at,
                        stage(wire),
                        attempt(wire),
                        Parts.time("until", wire.getUntil()),
                        new Failure(deferralKind(wire), there("reason", wire.getReason())));
            case DEADLINE_REACHED ->
                new DeadlineReached(
                        id,
                        at,
                        symbol(DeadlineKind.class, wire.getDeadline()),
                        there("stateVersion", wire.getStateVersion()),
                        wire.getBy() == null
                                ? null
                                : new DeadlineReached.Asked(wire.getBy(), there("reason", wire.getReason())));
            case REDRIVE_REQUESTED ->
                wire.getDelivered()
                        ? new ResendRequested(id, at, there("sending", wire.getSending()), there("by", wire.getBy()),
                                there("reason", wire.getReason()), wire.getAnnounce())
                        : new RedriveRequested(id, at, there("sending", wire.getSending()), there("by", wire.getBy()),
                                there("reason", wire.getReason()));
            case CANCEL_REQUESTED ->
                wire.getForget()
                        ? new ForgetRequested(id, at, there("sending", wire.getSending()), there("by", wire.getBy()),
                                there("reason", wire.getReason()))
                        : new CancelRequested(id, at, there("sending", wire.getSending()), there("by", wire.getBy()),
                                there("reason", wire.getReason()));
            case RESOLVE_REQUESTED ->
                new ResolveRequested(id, at, there("sending", wire.getSending()), there("by", wire.getBy()),
                        there("reason", wire.getReason()), symbol(Resolution.class, wire.getResolution()));
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the type of the event");
        };
    }

    private static Map<String, Long> milestones(Map<Milestone, Instant> milestones) {
        var wire = new HashMap<String, Long>();
        milestones.forEach((milestone, at) -> wire.put(milestone.name(), at.toEpochMilli()));
        return wire;
    }

    /** Leaves out milestones that only a newer version knows: they are for people, and nothing depends on them. */
    private static Map<Milestone, Instant> milestones(io.waybill.avro.FileEvent wire) {
        var milestones = new EnumMap<Milestone, Instant>(Milestone.class);
        for (Milestone milestone : Milestone.values()) {
            Long at = wire.getSteps().get(milestone.name());
            if (at != null) {
                milestones.put(milestone, Instant.ofEpochMilli(at));
            }
        }
        return milestones;
    }

    /** Earlier versions wrote no kind for a deferral, and knew only this one. */
    private static FailureKind deferralKind(io.waybill.avro.FileEvent wire) {
        return wire.getFailure() == null ? FailureKind.UNREACHABLE : symbol(FailureKind.class, wire.getFailure());
    }

    private static Stage stage(io.waybill.avro.FileEvent wire) {
        return symbol(Stage.class, wire.getStage());
    }

    private static Attempt attempt(io.waybill.avro.FileEvent wire) {
        return new Attempt(there("sending", wire.getSending()), there("attempt", wire.getAttempt()));
    }
}
