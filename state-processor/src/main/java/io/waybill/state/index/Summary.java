package io.waybill.state.index;

import io.waybill.domain.Status;
import io.waybill.runtime.api.SummaryAnswer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds up the counts of files over groups and instances. For one thread. */
public final class Summary {
    private final Map<String, Long> byStatus = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> byRoute = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> byDestination = new LinkedHashMap<>();
    private long files;

    /** Begins with the counts of this instance. */
    public Summary(Map<FileGroup, Long> counts) {
        for (Status status : Status.values()) {
            byStatus.put(status.name(), 0L);
        }
        counts.forEach((group, count) -> {
            Map<String, Long> added = Map.of(group.status().name(), count);
            files += count;
            add(byStatus, added);
            add(within(byRoute, group.route().value()), added);
            if (group.destination() != null) {
                add(within(byDestination, group.destination().value()), added);
            }
        });
    }

    /** Adds the counts of another instance. */
    public void add(SummaryAnswer other) {
        files += other.files();
        add(byStatus, other.byStatus());
        other.byRoute().forEach((route, counts) -> add(within(byRoute, route), counts));
        other.byDestination().forEach((destination, counts) -> add(within(byDestination, destination), counts));
    }

    public SummaryAnswer answer() {
        return new SummaryAnswer(files, byStatus, byRoute, byDestination);
    }

    private static Map<String, Long> within(Map<String, Map<String, Long>> groups, String name) {
        return groups.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    }

    private static void add(Map<String, Long> sum, Map<String, Long> counts) {
        counts.forEach((status, count) -> sum.merge(status, count, Long::sum));
    }
}
