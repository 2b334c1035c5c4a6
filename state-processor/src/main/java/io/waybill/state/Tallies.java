package io.waybill.state;

import io.waybill.domain.FileState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/** The tallies of the tasks that run in this process. Safe for several threads. */
final class Tallies implements TaskWatcher {
    private final Map<TaskId, Tally> tasks = new ConcurrentHashMap<>();

    @Override
    public void opened(TaskId task, Tally tally) {
        tasks.put(task, tally);
    }

    @Override
    public void closed(TaskId task, Tally tally) {
        // Only the same tally: a task that moved to another thread may have opened there before it closes here.
        tasks.remove(task, tally);
    }

    @Override
    public void moved(FileState after) {
        // Tallies count by themselves.
    }

    /** The sum over all tasks. */
    Map<Tally.Group, Long> total() {
        var total = new HashMap<Tally.Group, Long>();
        tasks.values().forEach(tally -> tally.counts().forEach((group, count) -> total.merge(group, count, Long::sum)));
        return total;
    }
}
