package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.store.ObjectVersion;
import java.nio.charset.StandardCharsets;

/** Makes object events from the fields that all dialects have. */
final class ObjectEvents {
    /** S3's limit. For a longer key a store answers with an error that looks temporary. */
    private static final int MAX_KEY_BYTES = 1024;

    private ObjectEvents() {}

    /** Returns the text of a field. It is empty if the field is missing, null, or not a text. */
    static String text(JsonNode field) {
        return field.isTextual() ? field.textValue() : "";
    }

    /**
     * @param key       the decoded key; empty if the notification has none
     * @param versionId the version as the notification gives it; empty if there is none
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
        // A suspended bucket calls every version "null". RGW may send "" even for a real version. In both cases ingest
        // asks the store which version it means.
        boolean named = !versionId.isEmpty() && !versionId.equals("null");
        return new Created(new ObjectVersion(bucket, key, named ? versionId : null));
    }
}
