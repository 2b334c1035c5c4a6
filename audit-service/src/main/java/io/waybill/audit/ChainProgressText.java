package io.waybill.audit;

import io.waybill.domain.audit.ChainHead;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** The progress of a chain as a text in the store: {@code SEQUENCE HASH CHECKPOINTED NEXT NEWEST}. */
final class ChainProgressText {
    private static final int PARTS = 5;

    private ChainProgressText() {}

    static Serde<ChainProgress> serde() {
        return Serdes.serdeFrom((_, progress) -> write(progress), (_, bytes) -> read(bytes));
    }

    private static byte @Nullable [] write(@Nullable ChainProgress progress) {
        if (progress == null) {
            return null;
        }
        ChainHead head = progress.head();
        return (head.sequence() + " " + head.hash() + " " + head.checkpointed() + " " + progress.next() + " "
                + progress.newest())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable ChainProgress read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(" ", -1);
        if (parts.length != PARTS) {
            throw new SerializationException(
                    "the progress of a chain has " + PARTS + " parts, this one has " + parts.length);
        }
        var head = new ChainHead(Long.parseLong(parts[0]), parts[1], Long.parseLong(parts[2]));
        return new ChainProgress(head, Long.parseLong(parts[3]), Long.parseLong(parts[4]));
    }
}
