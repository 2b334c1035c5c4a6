package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.state.index.GroupKey;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.HistoryKey;
import java.util.List;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The partitions that this instance owns. Throws {@link TableNotReadyException}. */
interface LocalStores {
    List<Partition> partitions();

    /** Whether one of these partitions is that of the file. */
    boolean own(FileId id);

    /** The stores of one partition. Each store is looked up when a caller asks for it. */
    interface Partition {
        ReadOnlyKeyValueStore<FileId, FileState> files();

        ReadOnlyKeyValueStore<HistoryKey, HistoryEntry> history();

        ReadOnlyKeyValueStore<GroupKey, byte[]> groups();
    }
}
