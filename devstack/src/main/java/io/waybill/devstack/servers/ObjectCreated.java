package io.waybill.devstack.servers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The arrival of one object, and its announcement in AWS's words.
 *
 * @param how       the part of the event name after {@code ObjectCreated:}
 * @param eTag      without quotes
 * @param versionId null in a bucket without versioning
 * @param sequencer hexadecimal; of two announcements of one key, the later one has the larger value
 */
record ObjectCreated(
        How how,
        String bucket,
        String key,
        long size,
        String eTag,
        Instant lastModified,
        @Nullable String versionId,
        Instant at,
        String sequencer) {

    enum How {
        PUT("Put"),
        COPY("Copy"),
        COMPLETE_MULTIPART_UPLOAD("CompleteMultipartUpload");

        private final String word;

        How(String word) {
            this.word = word;
        }
    }

    String toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        var event = json.putArray("Records").addObject();
        event.put("eventVersion", "2.1");
        event.put("eventSource", "aws:s3");
        event.put("awsRegion", "us-east-1");
        event.put("eventTime", at.truncatedTo(ChronoUnit.MILLIS).toString());
        event.put("eventName", "ObjectCreated:" + how.word);
        event.putObject("userIdentity").put("principalId", EmbeddedS3.ACCESS_KEY);
        event.putObject("requestParameters").put("sourceIPAddress", "127.0.0.1");
        describe(event.putObject("s3"));
        return json.toString();
    }

    private void describe(ObjectNode s3) {
        s3.put("s3SchemaVersion", "1.0");
        s3.put("configurationId", "waybill-embedded");
        var bucketNode = s3.putObject("bucket");
        bucketNode.put("name", bucket);
        bucketNode.putObject("ownerIdentity").put("principalId", EmbeddedS3.ACCESS_KEY);
        bucketNode.put("arn", "arn:aws:s3:::" + bucket);
        var object = s3.putObject("object");
        object.put("key", encoded(key));
        object.put("size", size);
        object.put("eTag", eTag);
        if (versionId != null) {
            object.put("versionId", versionId);
        }
        object.put("sequencer", sequencer);
    }

    /** Encodes a key as AWS does in events: like a form, with a plus sign for a space, but slashes stay. */
    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }
}
