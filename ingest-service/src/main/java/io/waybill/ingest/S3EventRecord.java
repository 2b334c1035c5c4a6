package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import java.util.Set;

/** One element of {@code Records}: the S3 event message structure, versions 2.0 to 2.4. */
final class S3EventRecord {
    private static final String CREATED = "ObjectCreated:";

    /** MinIO counts these among the events that create objects, but they write no version. */
    private static final Set<String> OF_OLD_OBJECTS = Set.of(
            "ObjectCreated:PutTagging",
            "ObjectCreated:DeleteTagging",
            "ObjectCreated:PutRetention",
            "ObjectCreated:PutLegalHold");

    private S3EventRecord() {}

    static ObjectEvent objectEvent(JsonNode record) {
        String name = ObjectEvents.text(record.path("eventName"));
        if (name.isEmpty()) {
            return new Unreadable("has no eventName");
        }
        // MinIO and some RGW versions put "s3:" before the name. AWS does not.
        String event = name.startsWith("s3:") ? name.substring("s3:".length()) : name;
        if (!event.startsWith(CREATED) || OF_OLD_OBJECTS.contains(event)) {
            return new Ignored(name);
        }
        JsonNode s3 = record.path("s3");
        String key = ObjectEvents.text(s3.path("object").path("key"));
        try {
            return ObjectEvents.created(
                    ObjectEvents.text(s3.path("bucket").path("name")),
                    raw(record) ? key : UrlEncodedKey.decoded(key),
                    ObjectEvents.text(s3.path("object").path("versionId")));
        } catch (IllegalArgumentException e) {
            return new Unreadable("the key '" + key + "' is not URL-encoded: " + e.getMessage());
        }
    }

    /** Ceph RGW sends the key without encoding. Decoding would turn both '+' and "%20" into a space. */
    private static boolean raw(JsonNode record) {
        return ObjectEvents.text(record.path("eventSource")).equals("ceph:s3");
    }
}
