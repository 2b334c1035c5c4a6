package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.Notice.Ignored;

/** An S3 event as Amazon EventBridge sends it: other names, one object each, and the key not encoded. */
final class EventBridgeEvent {
    private EventBridgeEvent() {}

    static Notice notice(JsonNode event) {
        String what = Notices.text(event.path("detail-type"));
        if (!what.equals("Object Created")) {
            return new Ignored(what);
        }
        JsonNode detail = event.path("detail");
        return Notices.created(
                Notices.text(detail.path("bucket").path("name")),
                Notices.text(detail.path("object").path("key")),
                Notices.text(detail.path("object").path("version-id")));
    }
}
