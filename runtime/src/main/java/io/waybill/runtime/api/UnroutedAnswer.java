package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects of which no file came, newest first.
 *
 * @param objects at most as many as the request asked for
 */
public record UnroutedAnswer(List<UnroutedObject> objects) {
    public UnroutedAnswer {
        objects = List.copyOf(objects);
    }

    /**
     * One object.
     *
     * @param at        ISO 8601 in UTC; when ingest read its notification
     * @param cause     NO_ROUTE, GONE, DENIED or BAD_NAME
     * @param versionId the version that the notification names; null for none
     * @param reason    for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UnroutedObject(
            String at, String cause, String bucket, String key, @Nullable String versionId, String reason) {
        public UnroutedObject {
            requireNonNull(at, "at");
            requireNonNull(cause, "cause");
            requireNonNull(bucket, "bucket");
            requireNonNull(key, "key");
            requireNonNull(reason, "reason");
        }
    }
}
