package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;

import io.waybill.domain.FileId;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.RouteName;

/** {@link ReadyFile} as the record of {@code ReadyFile.avsc}. */
final class ReadyFileCodec implements Codec<ReadyFile, io.waybill.avro.ReadyFile> {
    private static final io.waybill.avro.ReadyFile EMPTY = io.waybill.avro.ReadyFile.newBuilder().build();

    @Override
    public Class<io.waybill.avro.ReadyFile> wireType() {
        return io.waybill.avro.ReadyFile.class;
    }

    @Override
    public io.waybill.avro.ReadyFile toWire(ReadyFile file) {
        var record = io.waybill.avro.ReadyFile.newBuilder(EMPTY)
                .setFileId(file.id().value())
                .setRoute(file.route().value())
                .setReadyAt(millis(file.readyAt()))
                .build();
        Parts.write(file.source(), record);
        Parts.write(file.target(), record);
        Parts.write(file.receipt(), record);
        return record;
    }

    @Override
    public ReadyFile fromWire(io.waybill.avro.ReadyFile wire) {
        return new ReadyFile(
                new FileId(wire.getFileId()),
                new RouteName(wire.getRoute()),
                Parts.source(wire),
                Parts.target(wire),
                Parts.receipt(wire),
                wire.getReadyAt());
    }
}
