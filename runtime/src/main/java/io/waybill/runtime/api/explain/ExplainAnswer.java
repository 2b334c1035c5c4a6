package io.waybill.runtime.api.explain;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the routes do with an object.
 *
 * @param key    as asked
 * @param bucket as asked; null if each route is asked about its own bucket
 * @param size   bytes, as asked; null if the size is not judged
 * @param event  as asked; null if it is not judged how the object was written
 * @param routes those that the caller sees, in the order of the configuration
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExplainAnswer(
        String key,
        @Nullable String bucket,
        @Nullable Long size,
        @Nullable String event,
        List<ExplainedRoute> routes) {
    public ExplainAnswer {
        requireNonNull(key, "key");
        routes = List.copyOf(routes);
    }

    /**
     * What one route does with the object.
     *
     * @param takes       whether the object becomes a file of the route
     * @param rule        the first rule that says no: BUCKET, FOLDER, PREFIX, SUFFIX, EVENT, DOT_PARTS or MIN_BYTES. For a
     *                    file that cannot be delivered BAD_NAME. Else null
     * @param reason      the rule in words, for people; null if there is none
     * @param bucket      that the route reads
     * @param destination null if the route does not take the object, or has no delivery
     * @param path        at the destination; null if there is none
     * @param lane        0 or more; null without path
     * @param conditions  what must be true besides, for people, because the question does not say it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ExplainedRoute(
            String route,
            boolean takes,
            @Nullable String rule,
            @Nullable String reason,
            String bucket,
            @Nullable String destination,
            @Nullable String path,
            @Nullable Integer lane,
            List<String> conditions) {
        public ExplainedRoute {
            requireNonNull(route, "route");
            requireNonNull(bucket, "bucket");
            conditions = List.copyOf(conditions);
        }
    }
}
