package io.waybill.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Texts;
import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.store.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes object events from the fields that all dialects have. */
final class ObjectEvents {
    /**
     * S3's limit for keys and for version ids. For a longer one a store answers with an error that looks temporary. Names of
     * buckets are shorter in every store.
     */
    private static final int MAX_BYTES = 1024;

    /** A notification of a megabyte that is all event name must not become a parked object that no topic takes. */
    private static final int LONGEST_EVENT = 100;

    private ObjectEvents() {}

    /** Returns the text of a field. It is empty if the field is missing, null, or not a text. */
    static String text(JsonNode field) {
        return field.isTextual() ? field.textValue() : "";
    }

    /**
     * @param key       the decoded key; empty if the notification has none
     * @param rawKey    another key that the store may mean; null if there is none
     * @param versionId the version as the notification gives it; empty if there is none
     * @param eventName the store's word for how the object was written
     */
    static ObjectEvent created(
            String bucket, String key, @Nullable String rawKey, String versionId, String eventName) {
        if (bucket.isEmpty() || key.isEmpty()) {
            return new Unreadable("has no " + (bucket.isEmpty() ? "bucket name" : "object key"));
        }
        Optional<String> fault = Stream.of(
                fault("bucket name", bucket), fault("object key", key), fault("version id", versionId))
                .flatMap(Optional::stream)
                .findFirst();
        if (fault.isPresent()) {
            return new Unreadable(fault.get());
        }
        // A suspended bucket calls every version "null". RGW may send "" even for a real version. In both cases ingest
        // asks the store which version it means.
        boolean named = !versionId.isEmpty() && !versionId.equals("null");
        // The marker of a folder is never a file, whatever its encoded form looks like. Nor does a key reach the store with
        // parts that the decoded one must not have.
        boolean literal = rawKey != null
                && !rawKey.equals(key)
                && !key.endsWith("/")
                && !SourceObject.hasDotParts(rawKey)
                && fault("object key", rawKey).isEmpty();
        return new Created(
                new ObjectVersion(bucket, key, named ? versionId : null),
                literal ? rawKey : null,
                Texts.cut(eventName, LONGEST_EVENT));
    }

    private static Optional<String> fault(String what, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Optional.of("the " + what + " is not Unicode: it has half of a surrogate pair");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes > MAX_BYTES
                ? Optional.of("the " + what + " has " + bytes + " bytes, no store takes more than " + MAX_BYTES)
                : Optional.empty();
    }
}
