package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import java.util.List;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The stores of the partitions that this instance owns, one each. Throws {@link TableNotReadyException}. */
interface LocalStores {
    List<ReadOnlyKeyValueStore<FileId, FileState>> files();

    List<ReadOnlyKeyValueStore<HistoryKey, HistoryEntry>> histories();
}
