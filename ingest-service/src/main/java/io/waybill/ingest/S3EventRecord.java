package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import java.util.Set;

/** One element of {@code Records}: the S3 event message structure, versions 2.0 to 2.4. */
final class S3EventRecord {
    /** The word for an object of an archive that can be read again. */
    static final String RESTORED = "Restored";

    private static final String CREATED = "ObjectCreated:";

    /** MinIO counts these among the events that create objects, but they write no version. */
    private static final Set<String> OF_OLD_OBJECTS = Set.of(
            "ObjectCreated:PutTagging",
            "ObjectCreated:DeleteTagging",
            "ObjectCreated:PutRetention",
            "ObjectCreated:PutLegalHold");

    /** Ceph RGW tells under these names that it copied an object from another zone. Nobody says how it was written. */
    private static final Set<String> SYNCED = Set.of("ObjectSynced:Create", "Replication:Create");

    private S3EventRecord() {}

    static ObjectEvent objectEvent(JsonNode record, NotificationKeys keys) {
        String name = ObjectEvents.text(record.path("eventName"));
        if (name.isEmpty()) {
            return new Unreadable("has no eventName");
        }
        // MinIO and some RGW versions put "s3:" before the name. AWS does not.
        String event = name.startsWith("s3:") ? name.substring("s3:".length()) : name;
        boolean restored = event.equals("ObjectRestore:Completed");
        if (SYNCED.contains(event)) {
            return created(record, keys, "");
        }
        if (!restored && (!event.startsWith(CREATED) || OF_OLD_OBJECTS.contains(event))) {
            return new Ignored(name);
        }
        return created(record, keys, restored ? RESTORED : event.substring(CREATED.length()));
    }

    private static ObjectEvent created(JsonNode record, NotificationKeys keys, String event) {
        JsonNode s3 = record.path("s3");
        String bucket = ObjectEvents.text(s3.path("bucket").path("name"));
        String key = ObjectEvents.text(s3.path("object").path("key"));
        String version = ObjectEvents.text(s3.path("object").path("versionId"));
        if (keys == NotificationKeys.RAW || keys == NotificationKeys.AUTO && saysRaw(record)) {
            return ObjectEvents.created(bucket, key, null, version, event);
        }
        try {
            String rawKey = keys == NotificationKeys.AUTO ? key : null;
            return ObjectEvents.created(bucket, UrlEncodedKey.decoded(key), rawKey, version, event);
        } catch (IllegalArgumentException e) {
            return keys == NotificationKeys.AUTO
                    ? ObjectEvents.created(bucket, key, null, version, event)
                    : new Unreadable("the key '" + key + "' is not URL-encoded: " + e.getMessage());
        }
    }

    /** Ceph RGW sends the key without encoding. Decoding would turn both '+' and "%20" into a space. */
    private static boolean saysRaw(JsonNode record) {
        return ObjectEvents.text(record.path("eventSource")).equals("ceph:s3");
    }
}
