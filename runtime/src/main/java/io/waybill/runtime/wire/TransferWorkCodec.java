package io.waybill.runtime.wire;

import static io.waybill.runtime.wire.Parts.symbol;
import static io.waybill.runtime.wire.Parts.there;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.RouteName;
import io.waybill.domain.TransferWork;
import java.time.Duration;
import java.util.OptionalInt;

/** {@link TransferWork} as the record of {@code TransferWork.avsc}. */
final class TransferWorkCodec implements Codec<TransferWork, io.waybill.avro.TransferWork> {
    /** In place of a mode: the server decides. */
    private static final int UNSET = -1;

    private static final io.waybill.avro.TransferWork EMPTY = io.waybill.avro.TransferWork.newBuilder().build();

    @Override
    public Class<io.waybill.avro.TransferWork> wireType() {
        return io.waybill.avro.TransferWork.class;
    }

    @Override
    public io.waybill.avro.TransferWork toWire(TransferWork work) {
        var record = io.waybill.avro.TransferWork.newBuilder(EMPTY)
                .setFileId(work.id().value())
                .setRoute(work.route().value())
                .setSending(work.attempt().sending())
                .setAttempt(work.attempt().number())
                .setOnConflict(symbol(io.waybill.avro.ConflictPolicy.class, work.onConflict()))
                .setVerify(symbol(io.waybill.avro.Proof.class, work.verify()))
                .setCreateDirectories(work.createDirectories())
                .setSettledSendings(work.settledSendings())
                .setKeepMillis(work.keep().toMillis())
                .setFileMode(mode(work.attributes().fileMode()))
                .setDirectoryMode(mode(work.attributes().directoryMode()))
                .setPreserveModified(work.attributes().preserveModified())
                .setSkipUnchanged(work.skipUnchanged())
                .setDeliveredSendings(work.delivered())
                .build();
        Parts.write(work.source(), record);
        Parts.write(work.target(), record);
        return record;
    }

    @Override
    public TransferWork fromWire(io.waybill.avro.TransferWork wire) {
        return new TransferWork(
                new FileId(wire.getFileId()),
                new RouteName(wire.getRoute()),
                new Attempt(wire.getSending(), wire.getAttempt()),
                Parts.source(wire),
                there("target", Parts.target(wire)),
                symbol(ConflictPolicy.class, wire.getOnConflict()),
                symbol(Proof.class, wire.getVerify()),
                wire.getCreateDirectories(),
                wire.getSettledSendings(),
                Duration.ofMillis(wire.getKeepMillis()),
                new Delivery.Attributes(
                        mode(wire.getFileMode()), mode(wire.getDirectoryMode()), wire.getPreserveModified()),
                wire.getSkipUnchanged(),
                wire.getDeliveredSendings());
    }

    private static int mode(OptionalInt mode) {
        return mode.orElse(UNSET);
    }

    private static OptionalInt mode(int mode) {
        return mode == UNSET ? OptionalInt.empty() : OptionalInt.of(mode);
    }
}
