package io.waybill.state.table;

import io.waybill.domain.FileId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** The partition of a file: its events and its state are there. */
public final class FilePartition {
    private FilePartition() {}

    /**
     * Returns the partition of a file, as Kafka's own clients choose it.
     *
     * @param partitions how many partitions there are
     */
    public static int of(FileId id, int partitions) {
        return Utils.toPositive(Utils.murmur2(id.value().getBytes(StandardCharsets.UTF_8))) % partitions;
    }
}
