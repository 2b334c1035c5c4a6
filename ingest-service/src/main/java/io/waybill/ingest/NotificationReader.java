package io.waybill.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of the notification topic, in any of these dialects: S3 event notifications of AWS, MinIO, Ceph RGW
 * and similar stores, bare or in an SNS envelope, and EventBridge. Pure: the same bytes give the same object events. It
 * throws nothing. An unreadable part becomes an object event, too.
 */
final class NotificationReader {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private NotificationReader() {}

    static List<ObjectEvent> read(byte @Nullable [] value) {
        return value == null ? unreadable("the record has no value; expected an S3 notification in JSON")
                : parsed(value);
    }

    private static List<ObjectEvent> parsed(byte[] value) {
        try {
            return objectEvents(JSON.readTree(value));
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            return unreadable("not JSON: " + e.getOriginalMessage()
                    + (place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")"));
        } catch (IOException e) {
            return unreadable("not JSON: " + e.getMessage());
        }
    }

    private static List<ObjectEvent> objectEvents(JsonNode root) {
        if (root.path("Records").isArray()) {
            return records(root.path("Records"));
        }
        if (root.path("detail-type").isTextual()) {
            return List.of(EventBridgeEvent.objectEvent(root));
        }
        if (root.path("Type").isTextual() && root.path("TopicArn").isTextual()) {
            return inEnvelope(root);
        }
        if (root.path("Event").asText().equals("s3:TestEvent")) {
            return List.of(new Ignored("s3:TestEvent"));
        }
        return unreadable("JSON, but no S3 notification: expected 'Records', 'detail-type', an SNS envelope or an"
                + " s3:TestEvent at the top");
    }

    private static List<ObjectEvent> records(JsonNode records) {
        var objectEvents = new ArrayList<ObjectEvent>(records.size());
        for (JsonNode record : records) {
            ObjectEvent objectEvent = S3EventRecord.objectEvent(record);
            objectEvents.add(objectEvent instanceof Unreadable(var fault)
                    ? new Unreadable("Records[" + objectEvents.size() + "]: " + fault)
                    : objectEvent);
        }
        return objectEvents;
    }

    private static List<ObjectEvent> inEnvelope(JsonNode envelope) {
        String type = envelope.path("Type").asText();
        if (!type.equals("Notification")) {
            return unreadable("an SNS message of type " + type + ": somebody must confirm or mend the subscription of "
                    + envelope.path("TopicArn").asText());
        }
        try {
            JsonNode message = JSON.readTree(envelope.path("Message").asText());
            // SNS never sends an envelope in an envelope. If the reader followed it, a record could nest without end.
            return message.has("TopicArn") ? unreadable("an SNS envelope within an SNS envelope")
                    : objectEvents(message);
        } catch (JsonProcessingException e) {
            return unreadable("an SNS envelope whose Message is not JSON: " + e.getOriginalMessage());
        }
    }

    private static List<ObjectEvent> unreadable(String fault) {
        return List.of(new Unreadable(fault));
    }
}
