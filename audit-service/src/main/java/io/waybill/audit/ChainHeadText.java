package io.waybill.audit;

import io.waybill.domain.audit.ChainHead;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** The end of a chain as a text in the store: {@code SEQUENCE HASH CHECKPOINTED}. */
final class ChainHeadText {
    private static final int PARTS = 3;

    private ChainHeadText() {}

    static Serde<ChainHead> serde() {
        return Serdes.serdeFrom((_, head) -> write(head), (_, bytes) -> read(bytes));
    }

    private static byte @Nullable [] write(@Nullable ChainHead head) {
        return head == null
                ? null
                : (head.sequence() + " " + head.hash() + " " + head.checkpointed()).getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable ChainHead read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(" ", -1);
        if (parts.length != PARTS) {
            throw new SerializationException(
                    "the end of a chain has " + PARTS + " parts, this one has " + parts.length);
        }
        return new ChainHead(Long.parseLong(parts[0]), parts[1], Long.parseLong(parts[2]));
    }
}
