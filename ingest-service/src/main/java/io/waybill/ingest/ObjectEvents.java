package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.store.ObjectVersion;
import java.nio.charset.StandardCharsets;

/** Makes object events from what all dialects tell. */
final class ObjectEvents {
    /** S3's limit. A store answers a longer key with an error that looks like a passing one. */
    private static final int MAX_KEY_BYTES = 1024;

    private ObjectEvents() {}

    /** A field's text; empty where it is missing, null, or anything but text. */
    static String text(JsonNode field) {
        return field.isTextual() ? field.textValue() : "";
    }

    /**
     * @param key       decoded; empty where the notification has none
     * @param versionId as given; empty where there is none
     */
    static ObjectEvent created(String bucket, String key, String versionId) {
        if (bucket.isEmpty() || key.isEmpty()) {
            return new Unreadable("has no " + (bucket.isEmpty() ? "bucket name" : "object key"));
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            return new Unreadable("the object key is not Unicode: it has half of a surrogate pair");
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_KEY_BYTES) {
            return new Unreadable("the object key has " + bytes + " bytes, no store takes more than " + MAX_KEY_BYTES);
        }
        // "null" is what a suspended bucket calls every version, "" what RGW may say even of a real one: the store
        // itself is asked which version it means.
        boolean named = !versionId.isEmpty() && !versionId.equals("null");
        return new Created(new ObjectVersion(bucket, key, named ? versionId : null));
    }
}
