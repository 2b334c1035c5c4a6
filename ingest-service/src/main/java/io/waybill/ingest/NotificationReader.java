package io.waybill.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of the notification topic, in any of these dialects: S3 event notifications of AWS, MinIO, Ceph RGW
 * and similar stores, and EventBridge. The notification may be in the envelopes of SNS, SQS, Lambda and Kafka Connect,
 * and be JSON text within JSON, or base64. Pure: the same bytes give the same object events. It throws nothing. An
 * unreadable part becomes an object event, too.
 */
final class NotificationReader {
    /**
     * A message of SNS goes into one of SQS, and a bridge puts that into one of its own. If the reader followed more, a
     * record could nest without end.
     */
    private static final int MOST_ENVELOPES = 3;

    /** Also those that hold nothing but a text. */
    private static final int MOST_LAYERS = 8;

    /** A zero byte and the four bytes of a schema's number, as Confluent's serializers write them before JSON. */
    private static final int SCHEMA_NUMBER = 5;

    /** So many faults of one notification have texts of their own. */
    private static final int MOST_FAULTS = 100;

    private static final Unreadable FURTHER = new Unreadable("a further entry cannot be read");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{16,}={0,2}\\s*");

    private final NotificationKeys keys;

    private NotificationReader(NotificationKeys keys) {
        this.keys = keys;
    }

    /** How many layers a node is in. */
    private record Depth(int envelopes, int layers) {
        static final Depth TOP = new Depth(0, 0);

        Depth inEnvelope() {
            return new Depth(envelopes + 1, layers + 1);
        }

        Depth inText() {
            return new Depth(envelopes, layers + 1);
        }

        boolean tooDeep() {
            return envelopes > MOST_ENVELOPES || layers > MOST_LAYERS;
        }
    }

    /** Reads keys as the dialect says. */
    static List<ObjectEvent> read(byte @Nullable [] value) {
        return read(value, NotificationKeys.AUTO);
    }

    static List<ObjectEvent> read(byte @Nullable [] value, NotificationKeys keys) {
        if (value == null) {
            return unreadable("the record has no value; expected an S3 notification in JSON");
        }
        var reader = new NotificationReader(keys);
        return reader.ofBytes(value, Depth.TOP);
    }

    /** JSON, or base64 of JSON. */
    private List<ObjectEvent> ofBytes(byte[] value, Depth depth) {
        if (depth.tooDeep()) {
            return tooDeep();
        }
        if (value.length > SCHEMA_NUMBER && value[0] == 0) {
            byte[] json = Arrays.copyOfRange(value, SCHEMA_NUMBER, value.length);
            return json[0] == 0 ? unreadable("not JSON: it begins with zero bytes") : ofBytes(json, depth.inText());
        }
        boolean object = value.length > 0 && value[0] == '{';
        String text = object ? "" : new String(value, StandardCharsets.ISO_8859_1);
        if (!BASE64.matcher(text).matches()) {
            return ofJson(value, depth);
        }
        try {
            String plain = text.strip().replace('-', '+').replace('_', '/');
            return ofBytes(Base64.getDecoder().decode(plain), depth.inText());
        } catch (IllegalArgumentException e) {
            return unreadable("neither JSON nor base64: " + e.getMessage());
        }
    }

    private List<ObjectEvent> ofJson(byte[] value, Depth depth) {
        try {
            return ofNode(JSON.readTree(value), depth);
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            return unreadable("not JSON: " + e.getOriginalMessage()
                    + (place == null ? "" : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")"));
        } catch (IOException e) {
            return unreadable("not JSON: " + e.getMessage());
        }
    }

    /** A text that holds a notification. */
    private List<ObjectEvent> ofText(String text, Depth depth) {
        return ofBytes(text.getBytes(StandardCharsets.UTF_8), depth.inText());
    }

    private List<ObjectEvent> ofNode(JsonNode node, Depth depth) {
        if (depth.tooDeep()) {
            return tooDeep();
        }
        if (node.isTextual()) {
            return ofText(node.textValue(), depth);
        }
        if (node.path("Records").isArray()) {
            return all(node.path("Records"), "Records", record -> record(record, depth));
        }
        if (node.isArray() && !node.isEmpty()) {
            return all(node, "", notification -> ofNode(notification, depth.inText()));
        }
        if (node.path("detail-type").isTextual()) {
            return List.of(EventBridgeEvent.objectEvent(node));
        }
        if (node.path("Event").asText().equals("s3:TestEvent")) {
            return List.of(new Ignored("s3:TestEvent"));
        }
        return inEnvelope(node, depth);
    }

    private List<ObjectEvent> inEnvelope(JsonNode node, Depth depth) {
        if (node.path("Type").isTextual() && node.path("TopicArn").isTextual()) {
            return inSns(node, depth);
        }
        if (node.path("Body").isTextual()) {
            return within("the Body of an SQS message", node.path("Body"), depth);
        }
        if (node.path("body").isTextual()) {
            return within("the body of an SQS message", node.path("body"), depth);
        }
        if (node.has("schema") && (node.path("payload").isObject() || node.path("payload").isTextual())) {
            return within("the payload of Kafka Connect", node.path("payload"), depth);
        }
        return unreadable("JSON, but no S3 notification: expected 'Records', 'detail-type', an s3:TestEvent, or an"
                + " envelope of SNS, SQS or Kafka Connect at the top");
    }

    private static List<ObjectEvent> all(JsonNode list, String name, Function<JsonNode, List<ObjectEvent>> each) {
        var objectEvents = new ArrayList<ObjectEvent>(list.size());
        int faults = 0;
        for (int i = 0; i < list.size(); i++) {
            for (ObjectEvent objectEvent : each.apply(list.get(i))) {
                boolean unreadable = objectEvent instanceof Unreadable;
                faults += unreadable ? 1 : 0;
                objectEvents.add(
                        unreadable ? inList(name + '[' + i + ']', (Unreadable) objectEvent, faults) : objectEvent);
            }
        }
        return objectEvents;
    }

    /** A megabyte has room for half a million entries that are no events. A text for each takes too much memory. */
    private static Unreadable inList(String where, Unreadable entry, int faults) {
        return faults > MOST_FAULTS || entry.equals(FURTHER) ? FURTHER : new Unreadable(where + ": " + entry.fault());
    }

    /** A function of Lambda gets messages of SQS and SNS as records, too. */
    private List<ObjectEvent> record(JsonNode record, Depth depth) {
        if (record.path("eventSource").asText().equals("aws:sqs")) {
            return within("the body of an SQS message", record.path("body"), depth);
        }
        if (record.path("EventSource").asText().equals("aws:sns")) {
            return within("the Message of SNS", record.path("Sns").path("Message"), depth);
        }
        return List.of(S3EventRecord.objectEvent(record, keys));
    }

    private List<ObjectEvent> inSns(JsonNode envelope, Depth depth) {
        String type = envelope.path("Type").asText();
        return type.equals("Notification")
                ? within("the Message of SNS", envelope.path("Message"), depth)
                : unreadable("an SNS message of type " + type
                        + ": somebody must confirm or mend the subscription of " + envelope.path("TopicArn").asText());
    }

    private List<ObjectEvent> within(String where, JsonNode inner, Depth depth) {
        // The text of an envelope is a part of it, not a layer of its own.
        List<ObjectEvent> found = inner.isTextual()
                ? ofText(inner.textValue(), new Depth(depth.envelopes() + 1, depth.layers()))
                : ofNode(inner, depth.inEnvelope());
        return found.stream()
                .map(objectEvent -> objectEvent instanceof Unreadable(var fault) && !objectEvent.equals(FURTHER)
                        ? new Unreadable("in " + where + ": " + fault)
                        : objectEvent)
                .toList();
    }

    private static List<ObjectEvent> tooDeep() {
        return unreadable("more than " + MOST_ENVELOPES + " envelopes around the notification");
    }

    private static List<ObjectEvent> unreadable(String fault) {
        return List.of(new Unreadable(fault));
    }
}
