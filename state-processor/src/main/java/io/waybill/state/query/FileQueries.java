package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.FlowCounts;
import io.waybill.state.index.GroupKey;
import io.waybill.state.index.LaneWork;
import io.waybill.state.table.HistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the files whose partitions this instance owns. Every method throws {@link TableNotReadyException} while this
 * instance owns no partition or still takes some over. Safe for several threads.
 */
public interface FileQueries {
    Optional<FileState> find(FileId id);

    /** The newest moves of a file, oldest first; empty if the file is not known. */
    List<HistoryEntry> history(FileId id);

    /**
     * Files in the order of their ids.
     *
     * @param after the id after which the page begins; empty for the first page
     * @param limit 1 or more
     */
    Page page(FileFilter filter, Optional<FileId> after, int limit);

    /**
     * Files in the order of their arrival, the newest first.
     *
     * @param after the position after which the page begins, as {@link GroupKey#position}; empty for the first page
     * @param limit 1 or more
     */
    Newest newest(FileFilter filter, Optional<String> after, int limit);

    /**
     * The newest version of an object that stands at a target, or is on its way there, if it is newer than another one.
     * Empty also if too many versions would have to be looked at.
     */
    Optional<FileState> newer(SourceObject than, Target at);

    /** The number of files in each group. */
    Map<FileGroup, Long> counts();

    /** The number of open deliveries of each lane. */
    Map<LaneWork, Long> lanes();

    /** What happened in each minute from one on, as {@link io.waybill.state.index.TaskFlow#minute}. */
    Map<Long, Map<FlowCounts.Group, FlowCounts>> flow(long from);

    /** When the oldest open file of each route arrived, to the second; a route without one is left out. */
    Map<RouteName, Instant> oldestOpen();

    /**
     * Some files, the newest first.
     *
     * @param next the position after which the next page begins; empty at the end
     */
    record Newest(List<FileState> files, Optional<String> next) {
        public Newest {
            files = List.copyOf(files);
        }
    }

    /**
     * Some files.
     *
     * @param next the id after which the next page begins; this page looked at all ids up to it; empty at the end
     */
    record Page(List<FileState> files, Optional<FileId> next) {
        public Page {
            files = List.copyOf(files);
        }
    }
}
