package io.waybill.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.domain.Status;
import io.waybill.state.table.FileGroup;
import java.util.Map;

/** Counts of files: of all, by status, by route and status, by destination and status. */
final class Summary {
    private Summary() {}

    static ObjectNode of(Map<FileGroup, Long> counts) {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        summary.put("files", counts.values().stream().mapToLong(Long::longValue).sum());
        ObjectNode byStatus = summary.putObject("byStatus");
        for (Status status : Status.values()) {
            byStatus.put(status.name(), 0L);
        }
        ObjectNode byRoute = summary.putObject("byRoute");
        ObjectNode byDestination = summary.putObject("byDestination");
        counts.forEach((group, count) -> {
            String status = group.status().name();
            add(byStatus, status, count);
            add(byRoute.withObjectProperty(group.route().value()), status, count);
            if (group.destination() != null) {
                add(byDestination.withObjectProperty(group.destination().value()), status, count);
            }
        });
        return summary;
    }

    /** Adds another instance's summary to this one. */
    static void add(ObjectNode sum, JsonNode other) {
        other.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                add(sum.withObjectProperty(field.getKey()), field.getValue());
            } else {
                add(sum, field.getKey(), field.getValue().asLong());
            }
        });
    }

    private static void add(ObjectNode counts, String field, long count) {
        counts.put(field, counts.path(field).asLong() + count);
    }
}
