package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileId;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.ingest.Batch.Reading;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class BatchResultTest {
    private static final Topics TOPICS = Fixture.topics();

    private final Map<ObjectVersion, Answer> answers = new HashMap<>();
    private final BatchResult result = new BatchResult(
            new Routing(List.of(Fixture.route("all", ""), Fixture.route("invoices", "invoices/"))),
            TOPICS,
            answers,
            Fixture.NOW);

    @Test
    void shouldAnnounceAnObjectOnEveryRouteThatTakesIt() {
        SourceObject object = found("invoices/a.csv");
        add(Notifications.created("invoices/a.csv"));
        assertThat(events())
                .containsExactlyInAnyOrder(arrived("all", object), arrived("invoices", object))
                .allSatisfy(event -> assertThat(event.at()).isEqualTo(Fixture.NOW));
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 1, 0, 0, 0, 0, 0, 2, 0));
    }

    @Test
    void shouldKeyEventsByFile() {
        SourceObject object = found("a.csv");
        add(Notifications.created("a.csv"));
        FileId id = FileId.of(new RouteName("all"), "outbound", "a.csv", object.version());
        assertThat(result.records())
                .singleElement()
                .satisfies(record -> assertThat(record.key()).asString().isEqualTo(id.value()));
    }

    @Test
    void shouldAnnounceAFileOnceInABatch() {
        found("a.csv");
        add(Notifications.created("a.csv", "a.csv"));
        add(Notifications.created("a.csv"));
        assertThat(events()).hasSize(1);
        assertThat(result.counts()).isEqualTo(new BatchCounts(2, 1, 2, 0, 0, 0, 0, 1, 0));
    }

    @Test
    void shouldCountWhatNoRouteTakes() {
        add(Notifications.created("folder/"));
        add("""
                {"detail-type":"Object Created","detail":{"bucket":{"name":"other"},"object":{"key":"a"}}}
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(result.records()).isEmpty();
        assertThat(result.counts()).isEqualTo(new BatchCounts(2, 0, 0, 2, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldMakeNoFileOfAnObjectThatIsGone() {
        answers.put(new ObjectVersion("outbound", "a.csv", null), new Answer.Gone());
        add(Notifications.created("a.csv"));
        assertThat(result.records()).isEmpty();
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 0, 0, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void shouldSetGarbageAsideWithAllThereIsToKnow() {
        var record = Fixture.record(3, 42, "garbage".getBytes(StandardCharsets.UTF_8));
        record.headers().add("trace", new byte[] {1, 2, 3});
        result.add(new Reading(record, NotificationReader.read(record.value())));
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.at()).isEqualTo(Fixture.NOW);
            assertThat(letter.origin()).isEqualTo("waybill.s3-notifications-3@42");
            assertThat(letter.key()).asString().isEqualTo("k");
            assertThat(letter.value()).asString().isEqualTo("garbage");
            assertThat(letter.headers()).containsExactly(Map.entry("trace", "AQID"));
            assertThat(letter.reason()).contains("not JSON");
        });
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 0, 0, 0, 0, 0, 1, 0, 1));
    }

    @Test
    void shouldLetTheGoodObjectEventsOfABadRecordGoOn() {
        SourceObject object = found("good.csv");
        add(Notifications.resource("mixed.json"));
        assertThat(events()).containsExactly(arrived("all", object));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).contains("Records[1]", "Records[2]"));
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 1, 0, 0, 0, 1, 2, 1, 1));
    }

    @Test
    void shouldSetAsideWhatTheStoreRefusesForGood() {
        answers.put(new ObjectVersion("outbound", "a.csv", null), new Answer.Refused("400 Bad Request"));
        add(Notifications.created("a.csv"));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).contains("outbound/a.csv", "400 Bad Request"));
    }

    @Test
    void shouldCountEachObjectEventOnce() {
        byte[] value = Notifications.resource("mixed.json");
        found("good.csv");
        add(value);
        assertThat(result.counts().objectEvents()).isEqualTo(NotificationReader.read(value).size());
    }

    @Test
    void shouldFitEveryLetterIntoARecord() {
        String many = IntStream.range(0, 20_000).mapToObj(_ -> "{\"eventName\":\"\"}").collect(Collectors.joining(","));
        byte[] value = ("{\"Records\":[" + many + "],\"padding\":\"" + "x".repeat(1_000_000) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        var record = Fixture.record(0, 0, value);
        record.headers().add("large", new byte[500_000]);
        result.add(new Reading(record, NotificationReader.read(value)));
        assertThat(result.records()).singleElement().satisfies(letter -> assertThat(letter.value())
                .hasSizeLessThan(1_000_000));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason())
                        .contains("and 19995 more", "of the value's " + value.length + " bytes only the first"));
    }

    private void add(byte[] value) {
        result.add(new Reading(Fixture.record(0, 0, value), NotificationReader.read(value)));
    }

    private SourceObject found(String key) {
        SourceObject object = FakeCatalog.object(key);
        answers.put(new ObjectVersion("outbound", key, null), new Answer.Found(object));
        return object;
    }

    private static Arrived arrived(String route, SourceObject object) {
        var name = new RouteName(route);
        return new Arrived(
                FileId.of(name, object.bucket(), object.key(), object.version()), Fixture.NOW, name, object);
    }

    private List<FileEvent> events() {
        return written(TOPICS.fileEvents().name())
                .map(record -> Fixture.value(TOPICS.fileEvents(), record))
                .toList();
    }

    private List<Poison> letters() {
        return written(TOPICS.deadLetters().name())
                .map(record -> (Poison) Fixture.value(TOPICS.deadLetters(), record))
                .toList();
    }

    private Stream<ProducerRecord<byte[], byte[]>> written(String topic) {
        return result.records().stream().filter(record -> record.topic().equals(topic));
    }
}
