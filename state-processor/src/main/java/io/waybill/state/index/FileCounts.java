package io.waybill.state.index;

import io.waybill.domain.RouteName;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/** The number of files in each group: the sum over the tasks in this process. Safe for several threads. */
public final class FileCounts {
    private final Map<TaskId, TaskFileCounts> tasks = new ConcurrentHashMap<>();

    /** Adds the counts of a task that begins. */
    public void opened(TaskId task, TaskFileCounts counts) {
        tasks.put(task, counts);
    }

    /**
     * Removes the counts of a task that ends, but only these very counts. A task that moved to another thread may have
     * opened there before it closes here.
     */
    public void closed(TaskId task, TaskFileCounts counts) {
        tasks.remove(task, counts);
    }

    /** The sum over all tasks. */
    public Map<FileGroup, Long> total() {
        var total = new HashMap<FileGroup, Long>();
        tasks.values().forEach(of -> of.counts().forEach((group, count) -> total.merge(group, count, Long::sum)));
        return total;
    }

    /** When the oldest open file of each route arrived, to the second; a route without one is left out. */
    public Map<RouteName, Instant> oldestOpen() {
        var oldest = new HashMap<RouteName, Instant>();
        tasks.values().forEach(of -> of.oldestOpen()
                .forEach((route, at) -> oldest.merge(route, at, (one, other) -> one.isBefore(other) ? one : other)));
        return oldest;
    }

    /** The number of open deliveries of each lane; the sum over all tasks. */
    public Map<LaneWork, Long> lanes() {
        var sum = new HashMap<LaneWork, Long>();
        tasks.values().forEach(of -> of.lanes().forEach((work, count) -> sum.merge(work, count, Long::sum)));
        return sum;
    }

    /** What happened in each minute from one on, as {@link TaskFlow#minute}; minutes without anything are left out. */
    public Map<Long, Map<FlowCounts.Group, FlowCounts>> flow(long from) {
        var sum = new HashMap<Long, Map<FlowCounts.Group, FlowCounts>>();
        tasks.values().forEach(of -> of.flow().since(from).forEach((minute, counts) -> counts.forEach(
                (group, count) -> sum.computeIfAbsent(minute, _ -> new HashMap<>())
                        .merge(group, count, FlowCounts::plus))));
        return sum;
    }
}
