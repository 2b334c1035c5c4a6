package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.waybill.domain.DeadLetter.Poison;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileId;
import io.waybill.domain.IngestRetry.Parked;
import io.waybill.domain.Origin;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.SourceObject;
import io.waybill.ingest.Batch.Reading;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.ObjectCatalog.Answer;
import io.waybill.store.ObjectVersion;
import io.waybill.testkit.CaughtWarnings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchResultTest {
    private static final Topics TOPICS = Fixture.topics();

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(BatchResult.class);

    private final Map<Question, Answer> answers = new HashMap<>();
    private final Map<Question, BatchResult.Failure> failures = new HashMap<>();
    private final BatchResult result = new BatchResult(
            new Routing(List.of(Fixture.route("all", ""), Fixture.route("invoices", "invoices/"))),
            TOPICS,
            Fixture.NOW);

    @Test
    void shouldAnnounceAnObjectOnEveryRouteThatTakesIt() {
        SourceObject object = found("invoices/a.csv");
        add(Notifications.created("invoices/a.csv"));
        assertThat(events())
                .containsExactlyInAnyOrder(arrived("all", object), arrived("invoices", object))
                .allSatisfy(event -> assertThat(event.at()).isEqualTo(Fixture.NOW));
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0));
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
        assertThat(result.counts()).isEqualTo(new BatchCounts(2, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0));
    }

    @Test
    void shouldMakeOneFileOfOneOriginThatWasStoredTwice() {
        SourceObject object = found("a.csv").from(new Origin("sftp", "acme", "42,1,/out/a.csv", null));
        answers.put(question("a.csv"), new Answer.Found(object));
        add(Notifications.created("a.csv"));
        answers.put(question("a.csv"), new Answer.Found(new SourceObject(
                object.bucket(), object.key(), null, "another", 42, Fixture.NOW, object.origin())));
        add(Notifications.created("a.csv"));

        assertThat(events()).containsExactly(arrived("all", object));
        assertThat(result.counts()).isEqualTo(new BatchCounts(2, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0));
    }

    @Test
    void shouldTakeAnObjectWhoseMarkIsVoidAndSaySo() {
        SourceObject object = FakeCatalog.object("a.csv");
        answers.put(question("a.csv"), new Answer.Found(object, Optional.empty(), Optional.of("another key's")));
        add(Notifications.created("a.csv"));

        assertThat(events()).containsExactly(arrived("all", object));
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1));
        assertThat(warnings.lines()).singleElement().asString().contains("mark of an origin is void");
    }

    @Test
    void shouldCountWhatNoRouteTakes() {
        add(Notifications.created("folder/"));
        add("""
                {"detail-type":"Object Created","detail":{"bucket":{"name":"other"},"object":{"key":"a"}}}
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(result.records()).isEmpty();
        assertThat(result.counts()).isEqualTo(new BatchCounts(2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldMakeNoFileOfAnObjectThatIsGone() {
        answers.put(question("a.csv"), new Answer.Gone());
        add(Notifications.created("a.csv"));
        assertThat(result.records()).isEmpty();
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void shouldSetGarbageAsideWithAllThereIsToKnow() {
        var record = Fixture.record(3, 42, "garbage".getBytes(StandardCharsets.UTF_8));
        record.headers().add("trace", new byte[] {1, 2, 3});
        result.add(new Reading(record, NotificationReader.read(record.value())), answers());
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.at()).isEqualTo(Fixture.NOW);
            assertThat(letter.origin()).isEqualTo("waybill.s3-notifications-3@42");
            assertThat(letter.key()).asString().isEqualTo("k");
            assertThat(letter.value()).asString().isEqualTo("garbage");
            assertThat(letter.headers()).containsExactly(Map.entry("trace", "AQID"));
            assertThat(letter.reason()).contains("not JSON");
        });
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0));
    }

    @Test
    void shouldLetTheGoodObjectEventsOfABadRecordGoOn() {
        SourceObject object = found("good.csv");
        answers.put(new Question(new ObjectVersion("outbound", "bad%zz.csv", null), null), new Answer.Gone());
        add(Notifications.resource("mixed.json"));
        assertThat(events()).containsExactly(arrived("all", object));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason())
                        .contains("Records[2]", "'./waybill retry --record 0@0' reads it again"));
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0));
    }

    @Test
    void shouldSetAsideWhatTheStoreRefusesForGood() {
        answers.put(question("a.csv"), new Answer.Refused("400 Bad Request"));
        add(Notifications.created("a.csv"));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).contains("outbound/a.csv", "400 Bad Request"));
    }

    @Test
    void shouldCountEachObjectEventOnce() {
        byte[] value = Notifications.resource("mixed.json");
        found("good.csv");
        answers.put(new Question(new ObjectVersion("outbound", "bad%zz.csv", null), null), new Answer.Gone());
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
        result.add(new Reading(record, NotificationReader.read(value)), answers());
        assertThat(result.records()).singleElement().satisfies(letter -> assertThat(letter.value())
                .hasSizeLessThan(1_000_000));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason())
                        .contains("and 19995 more", "of the value's " + value.length + " bytes only the first"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.csv", "invoices/../secret.csv", "./a.csv", "a/.", "..", "a//../b"})
    void shouldNeverAskTheStoreAboutAKeyThatItMayResolve(String key) {
        add(Notifications.created(key));
        assertThat(letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).startsWith("BAD_NAME").contains(key));
        assertThat(result.records()).hasSize(1);
        assertThat(result.unrouted()).singleElement()
                .satisfies(entry -> assertThat(entry.cause()).isEqualTo(Unrouted.Cause.BAD_NAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", "a..b/c.d", ".hidden", "a//b", "/a"})
    void shouldTakeKeysWithOtherDotsAndSlashes(String key) {
        found(key);
        add(Notifications.created(key));
        assertThat(result.counts().matched()).isEqualTo(1);
    }

    @Test
    void shouldParkWhatTheStoreDoesNotDescribeAndGoOn() {
        SourceObject good = found("b.csv");
        failures.put(question("a.csv"), new BatchResult.Failure("403 for a.csv", true));
        add(Notifications.created("a.csv", "b.csv", "c.csv"));
        assertThat(events()).containsExactly(arrived("all", good));
        assertThat(parked()).extracting(Parked::key, Parked::index, Parked::reason, Parked::entryKey)
                .containsExactly(
                        tuple("a.csv", 0, "403 for a.csv", "0@0#0"),
                        tuple("c.csv", 2, "the store has not answered yet", "0@0#2"));
        assertThat(result.counts()).isEqualTo(new BatchCounts(1, 1, 0, 0, 0, 0, 0, 1, 0, 2, 0));
    }

    @Test
    void shouldMakeASmallLetterOfAParkedObjectThatCanBeReadAgain() {
        failures.put(question("ä b.csv"), new BatchResult.Failure("403", true));
        add(Notifications.created("ä b.csv"));
        Parked entry = parked().getFirst();

        result.giveUp(entry, "the store did not describe it for 24 hours");

        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.origin()).isEqualTo("waybill.s3-notifications-0@0");
            assertThat(letter.reason()).contains("outbound/ä b.csv", "24 hours", "./waybill retry --record 0@0");
            assertThat(NotificationReader.read(letter.value()))
                    .containsExactly(new ObjectEvent.Created(
                            new ObjectVersion("outbound", "ä b.csv", null), "%C3%A4+b.csv", "Put"));
        });
        assertThat(written("waybill.ingest-retry")).last()
                .satisfies(tombstone -> assertThat(tombstone.value()).isNull());
    }

    @Test
    void shouldLeaveOutWhatARouteDoesNotWant() {
        var choosy = new BatchResult(
                new Routing(List.of(Fixture.route("choosy", new SourceFilter(
                        "outbound", "", "", 4, Set.of("Put", "CompleteMultipartUpload"), Duration.ZERO)))),
                TOPICS,
                Fixture.NOW);
        found("empty.csv");
        answers.put(question("whole.csv"), new Answer.Found(new SourceObject(
                "outbound", "whole.csv", null, "abc", 4, FakeCatalog.WRITTEN)));
        byte[] value = Notifications.created("empty.csv", "whole.csv");
        byte[] copy = new String(value, StandardCharsets.UTF_8)
                .replace("ObjectCreated:Put", "ObjectCreated:Copy")
                .getBytes(StandardCharsets.UTF_8);
        choosy.add(new Reading(Fixture.record(0, 0, value), NotificationReader.read(value)), answers());
        choosy.add(new Reading(Fixture.record(0, 1, copy), NotificationReader.read(copy)), answers());
        assertThat(choosy.counts()).isEqualTo(new BatchCounts(2, 1, 0, 3, 0, 0, 0, 1, 0, 0, 0));
        assertThat(choosy.unrouted()).extracting(Unrouted.Entry::reason)
                .satisfies(reasons -> assertThat(reasons.toString()).contains("source.minBytes", "source.events"));
    }

    @Test
    void shouldNotSendAnOldObjectAgainBecauseSomebodyRestoredIt() {
        answers.put(question("old.csv"), new Answer.Found(new SourceObject(
                "outbound", "old.csv", null, "abc", 4, Fixture.NOW.minus(Route.DEFAULT_RETENTION))));
        found("young.csv");
        add(new String(Notifications.created("old.csv", "young.csv"), StandardCharsets.UTF_8)
                .replace("ObjectCreated:Put", "ObjectRestore:Completed")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(events()).containsExactly(arrived("all", FakeCatalog.object("young.csv")));
        assertThat(result.unrouted()).singleElement().satisfies(entry -> assertThat(entry.reason())
                .contains("restored", "retention"));
    }

    @Test
    void shouldKeepTheRecordsAboutAnEndlessEventNameSmall() {
        failures.put(question("a.csv"), new BatchResult.Failure("not yet", false));
        add(new String(Notifications.created("a.csv"), StandardCharsets.UTF_8)
                .replace("ObjectCreated:Put", "ObjectCreated:" + "x".repeat(900_000))
                .getBytes(StandardCharsets.UTF_8));
        assertThat(result.records()).isNotEmpty()
                .allSatisfy(record -> assertThat(record.value()).hasSizeLessThan(2_000));
    }

    @Test
    void shouldLookAtASettlingObjectLater() {
        var patient = new BatchResult(
                new Routing(List.of(
                        Fixture.route("all", ""),
                        Fixture.route("patient", new SourceFilter(
                                "outbound", "", "", 0, Set.of(), Duration.ofSeconds(10))))),
                TOPICS,
                Fixture.NOW);
        SourceObject first = found("a.csv");
        byte[] value = Notifications.created("a.csv");
        patient.add(new Reading(Fixture.record(0, 0, value), NotificationReader.read(value)), answers());
        assertThat(patient.counts().events()).isEqualTo(1);

        Parked settling = parked(patient).getFirst();
        assertThat(settling.settlesAt()).isEqualTo(Fixture.NOW.plusSeconds(10));
        var last = new SourceObject("outbound", "a.csv", null, "last", 5, FakeCatalog.WRITTEN);
        patient.add(settling, new Answer.Found(last));

        assertThat(patient.records().stream()
                .filter(record -> record.topic().equals(TOPICS.fileEvents().name()))
                .map(record -> Fixture.value(TOPICS.fileEvents(), record)))
                .containsExactly(arrived("all", first), arrived("patient", last));
    }

    private List<Parked> parked() {
        return parked(result);
    }

    private static List<Parked> parked(BatchResult of) {
        return of.records().stream()
                .filter(record -> record.topic().equals("waybill.ingest-retry") && record.value() != null)
                .map(record -> (Parked) Fixture.value(TOPICS.ingestRetry(), record))
                .toList();
    }

    private void add(byte[] value) {
        result.add(new Reading(Fixture.record(0, 0, value), NotificationReader.read(value)), answers());
    }

    private BatchResult.Answers answers() {
        return new BatchResult.Answers(answers, failures);
    }

    private static Question question(String key) {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
        return new Question(new ObjectVersion("outbound", key, null), encoded.equals(key) ? null : encoded);
    }

    private SourceObject found(String key) {
        SourceObject object = FakeCatalog.object(key);
        answers.put(question(key), new Answer.Found(object));
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
