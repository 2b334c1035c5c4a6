package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.IngestRetryKind;
import io.waybill.domain.IngestRetry;
import io.waybill.domain.IngestRetry.Parked;
import io.waybill.domain.IngestRetry.Skip;
import java.time.Instant;

/** {@link IngestRetry} as the flat record of {@code IngestRetry.avsc}. */
final class IngestRetryCodec implements Codec<IngestRetry, io.waybill.avro.IngestRetry> {
    private static final io.waybill.avro.IngestRetry EMPTY =
            io.waybill.avro.IngestRetry.newBuilder().build();

    @Override
    public Class<io.waybill.avro.IngestRetry> wireType() {
        return io.waybill.avro.IngestRetry.class;
    }

    @Override
    public io.waybill.avro.IngestRetry toWire(IngestRetry entry) {
        var wire = io.waybill.avro.IngestRetry.newBuilder(EMPTY)
                .setPartition(entry.place().partition())
                .setOffset(entry.place().offset())
                .setAt(millis(entry.at()))
                .setReason(entry.reason());
        return switch (entry) {
            case Parked parked ->
                wire.setKind(IngestRetryKind.PARKED)
                        .setIndex(parked.index())
                        .setBucket(parked.bucket())
                        .setKey(parked.key())
                        .setRawKey(parked.rawKey())
                        .setVersionId(parked.versionId())
                        .setEventName(parked.eventName())
                        .setSettlesAt(parked.settlesAt() == null ? null : millis(parked.settlesAt()))
                        .build();
            case Skip skip -> wire.setKind(IngestRetryKind.SKIP).setBy(skip.by()).build();
        };
    }

    @Override
    public IngestRetry fromWire(io.waybill.avro.IngestRetry wire) {
        var place = new IngestRetry.Place(wire.getPartition(), wire.getOffset());
        Instant at = Parts.time("at", wire.getAt());
        String reason = there("reason", wire.getReason());
        return switch (there("kind", wire.getKind())) {
            case PARKED ->
                new Parked(
                        place,
                        wire.getIndex(),
                        at,
                        reason,
                        there("bucket", wire.getBucket()),
                        there("key", wire.getKey()),
                        wire.getRawKey(),
                        wire.getVersionId(),
                        wire.getEventName(),
                        wire.getSettlesAt() == null ? null : Parts.time("settlesAt", wire.getSettlesAt()));
            case SKIP -> new Skip(place, at, there("by", wire.getBy()), reason);
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the kind of the entry");
        };
    }
}
