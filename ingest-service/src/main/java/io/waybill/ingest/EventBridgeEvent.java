package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.ObjectEvent.Ignored;
import java.util.Map;

/**
 * An S3 event as Amazon EventBridge sends it. Its fields have other names, it has one object, and the key is not
 * encoded.
 */
final class EventBridgeEvent {
    /** The reasons of "Object Created", by the names that bucket notifications have for them. */
    private static final Map<String, String> REASONS = Map.of(
            "PutObject", "Put",
            "POST Object", "Post",
            "CopyObject", "Copy",
            "CompleteMultipartUpload", "CompleteMultipartUpload");

    /** Not of Amazon: letters about parked objects have it. */
    static final String RAW_KEY = "raw-key";

    private EventBridgeEvent() {}

    static ObjectEvent objectEvent(JsonNode event) {
        String what = ObjectEvents.text(event.path("detail-type"));
        boolean restored = what.equals("Object Restore Completed");
        if (!what.equals("Object Created") && !restored) {
            return new Ignored(what);
        }
        JsonNode detail = event.path("detail");
        String reason = ObjectEvents.text(detail.path("reason"));
        String rawKey = ObjectEvents.text(detail.path("object").path(RAW_KEY));
        return ObjectEvents.created(
                ObjectEvents.text(detail.path("bucket").path("name")),
                ObjectEvents.text(detail.path("object").path("key")),
                rawKey.isEmpty() ? null : rawKey,
                ObjectEvents.text(detail.path("object").path("version-id")),
                restored ? S3EventRecord.RESTORED : REASONS.getOrDefault(reason, reason));
    }
}
