package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ingest.ObjectEvent.Created;
import io.waybill.ingest.ObjectEvent.Ignored;
import io.waybill.ingest.ObjectEvent.Unreadable;
import io.waybill.runtime.config.WaybillConfig.NotificationKeys;
import io.waybill.store.ObjectVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationReaderTest {
    @Test
    void shouldDecodeTheKeysOfAws() {
        assertThat(read("aws.json"))
                .containsExactly(
                        created("invoices/März 2026/a+b%20c 100%.csv", "096fKKXTRTtl3on89fVO.nfljtsv6qko"),
                        created("plain.csv", null));
    }

    @Test
    void shouldDecodeTheKeysOfMinioAndTakeItsNullVersionForNone() {
        assertThat(read("minio.json")).containsExactly(created("reports/Q1 Übersicht+Anhang.pdf", null));
    }

    @Test
    void shouldTakeTheKeysOfCephAsTheyAre() {
        assertThat(read("ceph.json")).containsExactly(created("Straße/a+b %2B %20 100%.csv", null));
    }

    @Test
    void shouldOpenTheEnvelopeOfSns() {
        assertThat(read("sns.json")).containsExactly(created("a b+c.csv", "jtsv6qko"));
    }

    @Test
    void shouldTakeTheKeysOfEventBridgeAsTheyAre() {
        assertThat(read("eventbridge.json"))
                .containsExactly(created("März 2026/a+b%20c.csv", "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e"));
    }

    @Test
    void shouldTakeLittleMemoryForAMegabyteOfEntriesThatAreNoEvents() {
        String value = "{\"Records\":[0" + ",0".repeat(499_999) + "]}";
        List<ObjectEvent> read = NotificationReader.read(value.getBytes(StandardCharsets.UTF_8));
        assertThat(read).hasSize(500_000);
        Set<ObjectEvent> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        objects.addAll(read);
        assertThat(objects).hasSizeLessThanOrEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource({
            "aws-test-event.json, s3:TestEvent",
            "ceph-removed.json, ObjectRemoved:Delete",
            "minio-accessed.json, s3:ObjectAccessed:Head"
    })
    void shouldIgnoreWhatBringsNoFile(String resource, String what) {
        assertThat(read(resource)).containsExactly(new Ignored(what));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PutTagging", "DeleteTagging", "PutRetention", "PutLegalHold"})
    void shouldNotTakeANewTagOrHoldForANewFile(String what) {
        String event = "s3:ObjectCreated:" + what;
        assertThat(parse("""
                {"Records": [{"eventSource": "minio:s3", "eventName": "%s",
                 "s3": {"bucket": {"name": "outbound"}, "object": {"key": "a.csv", "versionId": "v1"}}}]}
                """.formatted(event)))
                .containsExactly(new Ignored(event));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:ObjectSynced:Create", "s3:Replication:Create", "ObjectSynced:Create"})
    void shouldTakeAnObjectThatCephCopiedFromAnotherZone(String event) {
        String text = ofCeph("a+b.csv").replace("ObjectCreated:Put", event);
        assertThat(parse(text)).containsExactly(new Created(new ObjectVersion("b", "a+b.csv", null), null, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ObjectSynced:Delete", "s3:ObjectSynced:DeletionMarkerCreated", "s3:Replication:Delete",
                    "s3:Replication:OperationCompletedReplication", "s3:Replication:OperationFailedReplication"})
    void shouldIgnoreWhatElseIsSaidOfCopies(String event) {
        assertThat(parse(ofCeph("a.csv").replace("ObjectCreated:Put", event))).containsExactly(new Ignored(event));
    }

    @Test
    void shouldReadEveryNotificationOfAList() {
        assertThat(parse("[" + ofCeph("a.csv") + ",{\"detail-type\":\"Object Created\",\"detail\":{\"reason\":"
                + "\"PutObject\",\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"c.csv\"}}},7]"))
                .containsExactly(
                        new Created(new ObjectVersion("b", "a.csv", null), null, "Put"),
                        new Created(new ObjectVersion("b", "c.csv", null), null, "Put"),
                        new Unreadable("[2]: JSON, but no S3 notification: expected 'Records', 'detail-type', an"
                                + " s3:TestEvent, or an envelope of SNS, SQS or Kafka Connect at the top"));
    }

    @Test
    void shouldReadJsonBehindTheNumberOfASchema() {
        byte[] json = ofCeph("a.csv").getBytes(StandardCharsets.UTF_8);
        byte[] value = ByteBuffer.allocate(5 + json.length).put((byte) 0).putInt(7).put(json).array();
        assertThat(NotificationReader.read(value))
                .containsExactly(new Created(new ObjectVersion("b", "a.csv", null), null, "Put"));
        assertThat(NotificationReader.read(new byte[] {0, 0, 0, 0, 7})).singleElement().isInstanceOf(Unreadable.class);
        assertThat(NotificationReader.read(new byte[200])).singleElement().isInstanceOf(Unreadable.class);
    }

    @Test
    void shouldIgnoreRemovalsOfEventBridge() {
        assertThat(parse("{\"detail-type\":\"Object Deleted\",\"detail\":{}}"))
                .containsExactly(new Ignored("Object Deleted"));
    }

    @Test
    void shouldKeepTheGoodObjectEventsOfARecordWithBadOnes() {
        assertThat(read("mixed.json"))
                .containsExactly(
                        created("good.csv", null),
                        created("bad%zz.csv", null),
                        new Unreadable("Records[2]: has no object key"),
                        new Ignored("ObjectRemoved:DeleteMarkerCreated"));
    }

    @Test
    void shouldAskForAPersonWhenASubscriptionIsUnconfirmed() {
        assertThat(read("sns-subscription.json"))
                .singleElement()
                .asString()
                .contains("SubscriptionConfirmation", "arn:aws:sns:eu-central-1:123456789012:outbound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "",
                    "not json",
                    "{\"Records\":",
                    "{} {}",
                    "null",
                    "[]",
                    "{\"hello\":\"world\"}",
                    "{\"Records\":[42]}",
                    "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
                    "{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"hello\"}",
                    "{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"{\\\"TopicArn\\\":\\\"t\\\"}\"}"
            })
    void shouldCallGarbageUnreadable(String text) {
        assertThat(parse(text)).singleElement().isInstanceOf(Unreadable.class);
    }

    @Test
    void shouldCallARecordWithoutValueUnreadable() {
        assertThat(NotificationReader.read(null)).singleElement().isInstanceOf(Unreadable.class);
    }

    @Test
    void shouldSayWhereJsonBreaks() {
        assertThat(parse("{\"Records\": x}")).singleElement().asString().contains("line 1, column 13");
    }

    @Test
    void shouldRefuseKeysThatNoStoreTakes() {
        assertThat(parse(ofCeph("k".repeat(1025)))).singleElement().asString().contains("1025 bytes");
        assertThat(parse(ofCeph("\\ud800"))).singleElement().asString().contains("surrogate");
        assertThat(parse(ofCeph("k".repeat(1024)))).singleElement().isInstanceOf(Created.class);
    }

    @Test
    void shouldRefuseVersionsThatNoStoreGives() {
        assertThat(parse("""
                {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},
                 "object":{"key":"a.csv","versionId":"%s"}}}]}
                """.formatted("9".repeat(9_000)))).singleElement().asString().contains("version id", "9000 bytes");
    }

    @ParameterizedTest
    @CsvSource({
            "AUTO, a+b%20c.csv, 'a b c.csv', a+b%20c.csv",
            "AUTO, plain.csv, plain.csv, ",
            "AUTO, 100%.csv, 100%.csv, ",
            "ENCODED, a+b.csv, 'a b.csv', ",
            "RAW, a+b%20c.csv, a+b%20c.csv, "
    })
    void shouldReadKeysAsTheStoreWritesThem(
            NotificationKeys keys, String written, String key, @Nullable String rawKey) {
        assertThat(NotificationReader.read(aws(written), keys))
                .containsExactly(new Created(new ObjectVersion("outbound", key, null), rawKey, "Put"));
    }

    @Test
    void shouldNotGuessAtAKeyThatMustBeEncoded() {
        assertThat(NotificationReader.read(aws("100%.csv"), NotificationKeys.ENCODED))
                .singleElement()
                .asString()
                .contains("Records[0]: the key '100%.csv' is not URL-encoded");
    }

    private static byte[] aws(String key) {
        return ("{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{"
                + "\"name\":\"outbound\"},\"object\":{\"key\":\"" + key + "\"}}}]}").getBytes(StandardCharsets.UTF_8);
    }

    @Property(seed = "4711")
    void shouldNeverThrow(@ForAll byte[] bytes) {
        assertThat(NotificationReader.read(bytes)).isNotNull();
    }

    private static String ofCeph(String key) {
        return "{\"Records\":[{\"eventSource\":\"ceph:s3\",\"eventName\":\"ObjectCreated:Put\","
                + "\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"" + key + "\"}}}]}";
    }

    /** Without what has tests of its own: other keys that may be meant, and how the object was written. */
    private static Created created(String key, @Nullable String versionId) {
        return new Created(new ObjectVersion("outbound", key, versionId), null, "");
    }

    private static List<ObjectEvent> read(String resource) {
        return NotificationReader.read(Notifications.resource(resource)).stream()
                .map(event -> event instanceof Created(var object, var _, var _)
                        ? new Created(object, null, "")
                        : event)
                .toList();
    }

    private static List<ObjectEvent> parse(String text) {
        return NotificationReader.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
