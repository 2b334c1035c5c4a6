package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.AuditKind;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.AuditRecord.Entry;
import io.waybill.domain.audit.AuditRecord.Link;
import io.waybill.domain.audit.Checkpoint;

/**
 * {@link AuditRecord} as the flat record of {@code AuditRecord.avsc}. What does not fit to the kind of a record is refused:
 * no hash would cover it.
 */
final class AuditRecordCodec implements Codec<AuditRecord, io.waybill.avro.AuditRecord> {
    /** The rule of {@link Link#hash}. */
    private static final int FORM = 1;

    private static final io.waybill.avro.AuditRecord EMPTY =
            io.waybill.avro.AuditRecord.newBuilder().build();

    @Override
    public Class<io.waybill.avro.AuditRecord> wireType() {
        return io.waybill.avro.AuditRecord.class;
    }

    @Override
    public io.waybill.avro.AuditRecord toWire(AuditRecord record) {
        Link link = record.link();
        return content(record)
                .setForm(FORM)
                .setPartition(link.partition())
                .setSequence(link.sequence())
                .setPrevious(link.previous())
                .setHash(link.hash())
                .build();
    }

    private static io.waybill.avro.AuditRecord.Builder content(AuditRecord record) {
        return switch (record.content()) {
            case Entry(var entry) -> AuditEntryCodec.builder(entry);
            case Checkpoint(var at, var signedBy, var signature) ->
                io.waybill.avro.AuditRecord.newBuilder(EMPTY)
                        .setKind(AuditKind.CHECKPOINT)
                        .setAt(millis(at))
                        .setSignedBy(signedBy)
                        .setSignature(signature);
        };
    }

    @Override
    public AuditRecord fromWire(io.waybill.avro.AuditRecord wire) {
        if (wire.getForm() != FORM) {
            throw new IllegalArgumentException("this version does not know the form " + wire.getForm());
        }
        var link = new Link(
                wire.getPartition(),
                wire.getSequence(),
                there("previous", wire.getPrevious()),
                there("hash", wire.getHash()));
        AuditRecord.Content content = switch (there("kind", wire.getKind())) {
            case ENTRY -> new Entry(AuditEntryCodec.entry(wire));
            case CHECKPOINT ->
                new Checkpoint(
                        Parts.time("at", wire.getAt()),
                        there("signedBy", wire.getSignedBy()),
                        there("signature", wire.getSignature()));
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the kind of the record");
        };
        var record = new AuditRecord(link, content);
        if (!toWire(record).equals(wire)) {
            throw new IllegalArgumentException("it has more than a record of its kind");
        }
        return record;
    }
}
