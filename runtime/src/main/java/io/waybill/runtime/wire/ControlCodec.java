package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;

import io.waybill.avro.ApprovalOrder;
import io.waybill.avro.ControlKind;
import io.waybill.avro.FileControl;
import io.waybill.avro.PauseSpan;
import io.waybill.avro.ReleaseCause;
import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.RouteName;
import io.waybill.domain.Suspension;
import io.waybill.domain.schedule.Span;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ControlRecord} as the record of {@code FileControl.avsc}. A release, and a suspension, has the fields of a control
 * of a file that does not exist, so that a reader of the version before reads it and finds nothing to do.
 */
final class ControlCodec implements Codec<ControlRecord, FileControl> {
    private static final FileControl EMPTY = FileControl.newBuilder().build();

    @Override
    public Class<FileControl> wireType() {
        return FileControl.class;
    }

    @Override
    public FileControl toWire(ControlRecord record) {
        var wire = FileControl.newBuilder(EMPTY).setFileId(record.key().value());
        return switch (record) {
            case Control control ->
                wire.setKind(symbol(ControlKind.class, control.kind()))
                        .setSending(control.sending())
                        .setAt(millis(control.at()))
                        .build();
            case Release release -> {
                wire.setKind(ControlKind.GIVEN_UP)
                        .setAt(millis(release.at()))
                        .setCause(symbol(ReleaseCause.class, release.cause()))
                        .setBy(release.by())
                        .setReason(release.reason());
                yield switch (release.place()) {
                    case Place.Destination(var name) -> wire.setDestination(name.value()).build();
                    case Place.Bucket(var name) -> wire.setBucket(name).build();
                };
            }
            case Approval approval ->
                wire.setKind(ControlKind.GIVEN_UP)
                        .setAt(millis(approval.at()))
                        .setBy(approval.by())
                        .setReason(approval.reason())
                        .setApproval(List.of(order(approval)))
                        .build();
            case Suspension suspension -> {
                wire.setKind(ControlKind.GIVEN_UP)
                        .setAt(millis(suspension.at()))
                        .setBy(suspension.by())
                        .setReason(suspension.reason())
                        .setPauses(suspension.pauses().stream().map(ControlCodec::span).toList());
                yield switch (suspension.subject()) {
                    case Suspension.Subject.Destination(var name) ->
                        wire.setPausedDestination(name.value()).build();
                    case Suspension.Subject.OfRoute(var name) -> wire.setPausedRoute(name.value()).build();
                };
            }
        };
    }

    private static ApprovalOrder order(Approval approval) {
        Approval.Decision decision = approval.decision();
        return ApprovalOrder.newBuilder()
                .setId(approval.id())
                .setAction(approval.action())
                .setOrder(approval.order())
                .setFiles(approval.files())
                .setExpires(millis(approval.expires()))
                .setApproved(decision == null ? null : decision.approved())
                .setDecidedAt(decision == null ? null : millis(decision.at()))
                .setDecidedBy(decision == null ? null : decision.by())
                .setDecidedReason(decision == null ? null : decision.reason())
                .build();
    }

    private static Approval approval(ApprovalOrder order, Instant at, FileControl wire) {
        Approval.Decision decision = order.getApproved() == null || order.getDecidedAt() == null
                ? null
                : new Approval.Decision(
                        order.getApproved(),
                        Parts.time("decidedAt", order.getDecidedAt()),
                        text(order.getDecidedBy()),
                        text(order.getDecidedReason()));
        return new Approval(
                order.getId(),
                at,
                text(wire.getBy()),
                text(wire.getReason()),
                order.getAction(),
                order.getOrder(),
                order.getFiles(),
                Parts.time("expires", order.getExpires()),
                decision);
    }

    private static PauseSpan span(Span pause) {
        return PauseSpan.newBuilder()
                .setFrom(millis(pause.from()))
                .setTo(pause.to() == null ? null : millis(pause.to()))
                .build();
    }

    @Override
    public ControlRecord fromWire(FileControl wire) {
        Instant at = Parts.time("at", wire.getAt());
        if (wire.getDestination() != null) {
            return release(new Place.Destination(new DestinationName(wire.getDestination())), at, wire);
        }
        if (wire.getBucket() != null) {
            return release(new Place.Bucket(wire.getBucket()), at, wire);
        }
        if (wire.getPausedDestination() != null) {
            return suspension(
                    new Suspension.Subject.Destination(new DestinationName(wire.getPausedDestination())), at, wire);
        }
        if (wire.getPausedRoute() != null) {
            return suspension(new Suspension.Subject.OfRoute(new RouteName(wire.getPausedRoute())), at, wire);
        }
        if (!wire.getApproval().isEmpty()) {
            return approval(wire.getApproval().getFirst(), at, wire);
        }
        return new Control(
                new FileId(wire.getFileId()), wire.getSending(), symbol(Control.Kind.class, wire.getKind()), at);
    }

    private static Release release(Place place, Instant at, FileControl wire) {
        return new Release(place, at, cause(wire), text(wire.getBy()), text(wire.getReason()));
    }

    private static Suspension suspension(Suspension.Subject subject, Instant at, FileControl wire) {
        List<Span> pauses = wire.getPauses().stream()
                .map(pause -> new Span(
                        Parts.time("from", pause.getFrom()),
                        pause.getTo() == null ? null : Parts.time("to", pause.getTo())))
                .toList();
        return new Suspension(subject, at, pauses, text(wire.getBy()), text(wire.getReason()));
    }

    private static String text(@Nullable String field) {
        return field == null ? "" : field;
    }

    /** A cause that only a newer version knows asks for the least. */
    private static Release.Cause cause(FileControl wire) {
        return wire.getCause() == null || wire.getCause() == ReleaseCause.UNKNOWN
                ? Release.Cause.STARTED
                : symbol(Release.Cause.class, wire.getCause());
    }
}
