package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.state.index.FileGroup;
import io.waybill.state.table.HistoryEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the files whose partitions this instance owns. Every method throws {@link TableNotReadyException} while it does
 * not own any or is not done with taking them over. Safe for several threads.
 */
public interface FileQueries {
    Optional<FileState> find(FileId id);

    /** The newest moves of a file, oldest first; empty for one that is not known. */
    List<HistoryEntry> history(FileId id);

    /**
     * Files in the order of their ids.
     *
     * @param after where to go on; empty to begin
     * @param limit 1 or more
     */
    Page page(FileFilter filter, Optional<FileId> after, int limit);

    /** How many files there are of each group. */
    Map<FileGroup, Long> counts();

    /**
     * Some files.
     *
     * @param next where the next page goes on: everything up to this id was looked at; empty at the end
     */
    record Page(List<FileState> files, Optional<FileId> next) {
        public Page {
            files = List.copyOf(files);
        }
    }
}
