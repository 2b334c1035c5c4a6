package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.ObjectEvent.Ignored;

/**
 * An S3 event as Amazon EventBridge sends it. Its fields have other names, it has one object, and the key is not
 * encoded.
 */
final class EventBridgeEvent {
    private EventBridgeEvent() {}

    static ObjectEvent objectEvent(JsonNode event) {
        String what = ObjectEvents.text(event.path("detail-type"));
        if (!what.equals("Object Created")) {
            return new Ignored(what);
        }
        JsonNode detail = event.path("detail");
        return ObjectEvents.created(
                ObjectEvents.text(detail.path("bucket").path("name")),
                ObjectEvents.text(detail.path("object").path("key")),
                ObjectEvents.text(detail.path("object").path("version-id")));
    }
}
