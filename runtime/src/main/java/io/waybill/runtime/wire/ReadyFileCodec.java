package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;

import io.waybill.domain.FileId;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Receipt;
import io.waybill.domain.RouteName;
import org.jspecify.annotations.Nullable;

/** {@link ReadyFile} as the record of {@code ReadyFile.avsc}. */
final class ReadyFileCodec implements Codec<ReadyFile, io.waybill.avro.ReadyFile> {
    @Override
    public Class<io.waybill.avro.ReadyFile> wireType() {
        return io.waybill.avro.ReadyFile.class;
    }

    @Override
    public io.waybill.avro.ReadyFile toWire(ReadyFile file) {
        var wire = io.waybill.avro.ReadyFile.newBuilder()
                .setFileId(file.id().value())
                .setRoute(file.route().value())
                .setBucket(file.source().bucket())
                .setKey(file.source().key())
                .setVersionId(file.source().versionId())
                .setEtag(file.source().etag())
                .setSize(file.source().size())
                .setLastModified(millis(file.source().lastModified()))
                .setReadyAt(millis(file.readyAt()));
        if (file.target() != null) {
            wire.setDestination(file.target().destination().value())
                    .setPath(file.target().path().value());
        }
        if (file.receipt() != null) {
            Receipt receipt = file.receipt();
            wire.setDeliveredPath(receipt.path().value())
                    .setDeliveredBytes(receipt.bytes())
                    .setSha256(receipt.sha256())
                    .setProof(symbol(io.waybill.avro.Proof.class, receipt.proof()))
                    .setDestinationClass(symbol(io.waybill.avro.DestinationClass.class, receipt.destinationClass()))
                    .setDurationMillis(receipt.duration().toMillis());
        }
        return wire.build();
    }

    @Override
    public ReadyFile fromWire(io.waybill.avro.ReadyFile wire) {
        return new ReadyFile(
                new FileId(wire.getFileId()),
                new RouteName(wire.getRoute()),
                Parts.source(
                        wire.getBucket(),
                        wire.getKey(),
                        wire.getVersionId(),
                        wire.getEtag(),
                        wire.getSize(),
                        wire.getLastModified()),
                Parts.target(wire.getDestination(), wire.getPath()),
                receipt(wire),
                wire.getReadyAt());
    }

    private static @Nullable Receipt receipt(io.waybill.avro.ReadyFile wire) {
        return wire.getDeliveredPath() == null
                ? null
                : Parts.receipt(
                        wire.getDeliveredPath(),
                        wire.getDeliveredBytes(),
                        wire.getSha256(),
                        wire.getProof(),
                        wire.getDestinationClass(),
                        wire.getDurationMillis());
    }
}
