package io.waybill.state.index;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/** The tallies of the tasks that run in this process. Safe for several threads. */
public final class Tallies {
    private final Map<TaskId, Tally> tasks = new ConcurrentHashMap<>();

    /** A task begins. */
    public void opened(TaskId task, Tally tally) {
        tasks.put(task, tally);
    }

    /** A task ends. Removes only the same tally: a task that moved to another thread may have opened there before it closes here. */
    public void closed(TaskId task, Tally tally) {
        tasks.remove(task, tally);
    }

    /** The sum over all tasks. */
    public Map<FileGroup, Long> total() {
        var total = new HashMap<FileGroup, Long>();
        tasks.values().forEach(tally -> tally.counts().forEach((group, count) -> total.merge(group, count, Long::sum)));
        return total;
    }
}
