package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.FlowCounts;
import io.waybill.state.index.LaneWork;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.Rules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Returns files with the time-outs of today's configuration, as the timeout-monitor counts them. The table has the
 * time-outs from the moment when the file entered its state.
 */
public final class CurrentTimeoutQueries implements FileQueries {
    private final FileQueries files;
    private final Rules rules;

    public CurrentTimeoutQueries(FileQueries files, Rules rules) {
        this.files = files;
        this.rules = rules;
    }

    @Override
    public Optional<FileState> find(FileId id) {
        return files.find(id).map(rules::withCurrentTimeouts);
    }

    @Override
    public List<HistoryEntry> history(FileId id) {
        return files.history(id);
    }

    @Override
    public Page page(FileFilter filter, Optional<FileId> after, int limit) {
        Page page = files.page(filter, after, limit);
        return new Page(page.files().stream().map(rules::withCurrentTimeouts).toList(), page.next());
    }

    @Override
    public Newest newest(FileFilter filter, Optional<String> after, int limit) {
        Newest page = files.newest(filter, after, limit);
        return new Newest(page.files().stream().map(rules::withCurrentTimeouts).toList(), page.next());
    }

    @Override
    public Optional<FileState> newer(SourceObject than, Target at) {
        return files.newer(than, at).map(rules::withCurrentTimeouts);
    }

    @Override
    public Map<Long, Map<FlowCounts.Group, FlowCounts>> flow(long from) {
        return files.flow(from);
    }

    @Override
    public Map<LaneWork, Long> lanes() {
        return files.lanes();
    }

    @Override
    public Map<RouteName, Instant> oldestOpen() {
        return files.oldestOpen();
    }

    @Override
    public Map<FileGroup, Long> counts() {
        return files.counts();
    }
}
