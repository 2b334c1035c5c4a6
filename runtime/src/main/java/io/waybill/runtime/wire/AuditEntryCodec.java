package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.AuditKind;
import io.waybill.avro.AuditOutcome;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Counts;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import org.jspecify.annotations.Nullable;

/** {@link AuditEntry} as the flat record of {@code AuditRecord.avsc}, without a place in a chain. */
final class AuditEntryCodec implements Codec<AuditEntry, io.waybill.avro.AuditRecord> {
    private static final io.waybill.avro.AuditRecord EMPTY =
            io.waybill.avro.AuditRecord.newBuilder().build();

    @Override
    public Class<io.waybill.avro.AuditRecord> wireType() {
        return io.waybill.avro.AuditRecord.class;
    }

    @Override
    public io.waybill.avro.AuditRecord toWire(AuditEntry entry) {
        return builder(entry).build();
    }

    static io.waybill.avro.AuditRecord.Builder builder(AuditEntry entry) {
        Counts counts = entry.counts();
        return io.waybill.avro.AuditRecord.newBuilder(EMPTY)
                .setKind(AuditKind.ENTRY)
                .setAt(millis(entry.at()))
                .setWho(entry.who())
                .setRole(entry.role())
                .setWhat(entry.what())
                .setTargetKind(entry.target().kind())
                .setTarget(entry.target().name())
                .setReason(entry.reason())
                .setOutcome(switch (entry.outcome()) {
                    case ACCEPTED -> AuditOutcome.ACCEPTED;
                    case REFUSED -> AuditOutcome.REFUSED;
                })
                .setDetail(entry.detail())
                .setRequestId(entry.requestId())
                .setSource(entry.source())
                .setAccepted(counts == null ? null : counts.accepted())
                .setRefused(counts == null ? null : counts.refused())
                .setLeftOut(counts == null ? null : counts.leftOut());
    }

    @Override
    public AuditEntry fromWire(io.waybill.avro.AuditRecord wire) {
        if (wire.getKind() != AuditKind.ENTRY) {
            throw new IllegalArgumentException("it is no entry, but " + wire.getKind());
        }
        return entry(wire);
    }

    static AuditEntry entry(io.waybill.avro.AuditRecord wire) {
        return new AuditEntry(
                Parts.time("at", wire.getAt()),
                there("who", wire.getWho()),
                there("role", wire.getRole()),
                there("what", wire.getWhat()),
                new Target(there("targetKind", wire.getTargetKind()), there("target", wire.getTarget())),
                there("reason", wire.getReason()),
                switch (there("outcome", wire.getOutcome())) {
                    case ACCEPTED -> Outcome.ACCEPTED;
                    case REFUSED -> Outcome.REFUSED;
                    case UNKNOWN ->
                        throw new IllegalArgumentException("this version does not know the outcome of the entry");
                },
                there("detail", wire.getDetail()),
                there("requestId", wire.getRequestId()),
                there("source", wire.getSource()),
                counts(wire.getAccepted(), wire.getRefused(), wire.getLeftOut()));
    }

    /** All of them or none: a part of them would mean the same to nobody. */
    private static @Nullable Counts counts(@Nullable Long accepted, @Nullable Long refused, @Nullable Long leftOut) {
        if (accepted == null && refused == null && leftOut == null) {
            return null;
        }
        return new Counts(there("accepted", accepted), there("refused", refused), there("leftOut", leftOut));
    }
}
