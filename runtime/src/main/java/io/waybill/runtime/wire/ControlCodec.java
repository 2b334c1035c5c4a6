package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.millis;
import static io.waybill.runtime.wire.Parts.symbol;

import io.waybill.avro.ControlKind;
import io.waybill.avro.FileControl;
import io.waybill.domain.Control;
import io.waybill.domain.FileId;

/** {@link Control} as the record of {@code FileControl.avsc}. */
final class ControlCodec implements Codec<Control, FileControl> {
    private static final FileControl EMPTY = FileControl.newBuilder().build();

    @Override
    public Class<FileControl> wireType() {
        return FileControl.class;
    }

    @Override
    public FileControl toWire(Control control) {
        return FileControl.newBuilder(EMPTY)
                .setFileId(control.id().value())
                .setKind(symbol(ControlKind.class, control.kind()))
                .setSending(control.sending())
                .setAt(millis(control.at()))
                .build();
    }

    @Override
    public Control fromWire(FileControl wire) {
        return new Control(
                new FileId(wire.getFileId()),
                wire.getSending(),
                symbol(Control.Kind.class, wire.getKind()),
                Parts.time("at", wire.getAt()));
    }
}
