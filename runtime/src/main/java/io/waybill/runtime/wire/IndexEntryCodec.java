package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.avro.DeliveryIndexEntry;
import io.waybill.avro.EntryKind;
import io.waybill.avro.SendingResult;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.ProvenReplace;
import io.waybill.domain.IndexEntry.Result;
import java.time.Instant;

/** {@link IndexEntry} as the flat record of {@code DeliveryIndexEntry.avsc}. */
final class IndexEntryCodec implements Codec<IndexEntry, DeliveryIndexEntry> {
    private static final DeliveryIndexEntry EMPTY = DeliveryIndexEntry.newBuilder().build();

    @Override
    public Class<DeliveryIndexEntry> wireType() {
        return DeliveryIndexEntry.class;
    }

    @Override
    public DeliveryIndexEntry toWire(IndexEntry entry) {
        var wire = DeliveryIndexEntry.newBuilder(EMPTY).setExpires(millis(entry.expires()));
        return switch (entry) {
            case NewestAtPath newest ->
                wire.setKind(EntryKind.NEWEST_AT_PATH)
                        .setKey(newest.key())
                        .setFileId(newest.id().value())
                        .setLastModified(millis(newest.lastModified()))
                        .setContent(newest.content())
                        .build();
            case FileOutcome outcome ->
                wire.setKind(EntryKind.FILE_OUTCOME)
                        .setFileId(outcome.id().value())
                        .setSending(outcome.sending())
                        .setResult(symbol(SendingResult.class, outcome.result()))
                        .build();
            case ProvenReplace proven ->
                wire.setKind(EntryKind.PROVEN_REPLACE).setKey(proven.key()).build();
        };
    }

    @Override
    public IndexEntry fromWire(DeliveryIndexEntry wire) {
        Instant expires = Parts.time("expires", wire.getExpires());
        return switch (wire.getKind()) {
            case NEWEST_AT_PATH ->
                new NewestAtPath(
                        there("key", wire.getKey()),
                        new FileId(there("fileId", wire.getFileId())),
                        Parts.time("lastModified", wire.getLastModified()),
                        expires,
                        wire.getContent());
            case FILE_OUTCOME ->
                new FileOutcome(
                        new FileId(there("fileId", wire.getFileId())),
                        there("sending", wire.getSending()),
                        symbol(Result.class, wire.getResult()),
                        expires);
            case PROVEN_REPLACE -> new ProvenReplace(there("key", wire.getKey()), expires);
            case UNKNOWN -> throw new IllegalArgumentException("this version does not know the kind of the entry");
        };
    }
}
